//! The command line, as types: the doc comments are the help texts.
