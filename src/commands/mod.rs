//! One verb per file: the only place where stages are composed.
