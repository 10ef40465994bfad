//! Questions to a person at a terminal, one after the other, with a way back.
//!
//! In: questions, as data. Out: answers, through a [`Prompter`]: the terminal ([`terminal`]), or a script in tests.
//! A [`Session`] remembers what was answered, so that an interview is written as if every answer were there already:
//! going back drops the last answer and runs the interview again from its beginning, where all but the dropped answer
//! are known. Knows nothing of nodes.

pub mod frame;
pub mod line;
pub mod terminal;

use std::io;

/// A question that is answered in words.
pub struct Text<'a> {
    /// What is asked, in a word or two.
    pub label: &'a str,
    /// What Enter takes when nothing is typed.
    pub default: String,
    /// What to type, for somebody who does not know; may be empty.
    pub help: &'a str,
    /// What the answer means, to be shown beside it as it is typed; or what is wrong with it.
    pub check: &'a dyn Fn(&str) -> Result<String, String>,
}

/// A question with answers to choose from.
pub struct Choice<'a> {
    /// What is asked.
    pub label: &'a str,
    /// The answers, each with what it means; that may be empty.
    pub options: Vec<(String, String)>,
    /// Where the cursor stands first.
    pub default: usize,
}

/// A question with any number of answers to choose from.
pub struct Choices<'a> {
    /// What is asked.
    pub label: &'a str,
    /// The answers.
    pub options: Vec<String>,
    /// Those that are chosen first.
    pub default: Vec<usize>,
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// An answer.
    Given(T),
    /// The person wants to answer the question before this one again.
    Back,
}

/// Why there are no more answers.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The person wants none of it.
    #[error("stopped at the keyboard")]
    Interrupted,
    /// The terminal is gone.
    #[error("the terminal cannot be used: {0}")]
    Lost(#[from] io::Error),
}

/// Somebody who answers.
pub trait Prompter {
    /// Asks for words. `before` is the answer that was given before, where the question is asked again.
    ///
    /// # Errors
    /// When there are no more answers.
    fn text(&mut self, question: &Text<'_>, before: Option<&str>)
    -> Result<Reply<String>, Stopped>;

    /// Asks for one of several.
    ///
    /// # Errors
    /// When there are no more answers.
    fn choice(
        &mut self,
        question: &Choice<'_>,
        before: Option<usize>,
    ) -> Result<Reply<usize>, Stopped>;

    /// Asks for any of several.
    ///
    /// # Errors
    /// When there are no more answers.
    fn choices(
        &mut self,
        question: &Choices<'_>,
        before: Option<&[usize]>,
    ) -> Result<Reply<Vec<usize>>, Stopped>;

    /// Shows sentences between questions, broken into lines where the terminal is narrow.
    ///
    /// # Errors
    /// When nobody can read them.
    fn say(&mut self, text: &str) -> Result<(), Stopped>;

    /// Shows lines as they are, so that they can be copied: code, a command. They may have styles.
    ///
    /// # Errors
    /// When nobody can read them.
    fn show(&mut self, text: &str) -> Result<(), Stopped>;

    /// Takes back what was shown since the question before the last, which is asked again.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn forget(&mut self) -> Result<(), Stopped>;
}

/// Why an interview ends early.
#[derive(Debug)]
pub enum Turn {
    /// The answer before is wanted again.
    Back,
    /// There will be no more answers.
    Stop(Stopped),
}

impl From<Stopped> for Turn {
    fn from(stopped: Stopped) -> Self {
        Self::Stop(stopped)
    }
}

/// One answer, of whatever kind.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Text(String),
    Choice(usize),
    Choices(Vec<usize>),
}

/// An interview that can be run again and again, each time with the answers that are known.
pub struct Session<'a> {
    prompter: &'a mut dyn Prompter,
    known: Vec<Answer>,
    /// How many of the known answers this run has used.
    used: usize,
    /// What was answered where the next question is asked again.
    dropped: Option<Answer>,
    /// How many texts between questions this run has passed, and which were shown, by the answers before them.
    passed: usize,
    shown: Vec<usize>,
}

impl<'a> Session<'a> {
    /// A session with nothing answered.
    pub fn new(prompter: &'a mut dyn Prompter) -> Self {
        Self { prompter, known: Vec::new(), used: 0, dropped: None, passed: 0, shown: Vec::new() }
    }

    /// Runs an interview until it comes to its end.
    ///
    /// # Errors
    /// When there are no more answers.
    pub fn run<T>(
        &mut self,
        mut interview: impl FnMut(&mut Self) -> Result<T, Turn>,
    ) -> Result<T, Stopped> {
        loop {
            (self.used, self.passed) = (0, 0);
            match interview(self) {
                Ok(outcome) => return Ok(outcome),
                Err(Turn::Stop(stopped)) => return Err(stopped),
                Err(Turn::Back) => self.back()?,
            }
        }
    }

    fn back(&mut self) -> Result<(), Stopped> {
        let Some(last) = self.known.pop() else { return Ok(()) };
        self.dropped = Some(last);
        let left = self.known.len();
        self.shown.retain(|after| *after <= left);
        self.prompter.forget()
    }

    /// Whether the next question has not been answered yet.
    fn is_live(&self) -> bool {
        self.used >= self.known.len()
    }

    /// Shows sentences, once however often the interview runs.
    ///
    /// # Errors
    /// When there is nobody to read them.
    pub fn say(&mut self, text: &str) -> Result<(), Turn> {
        if self.is_new() {
            self.prompter.say(text)?;
        }
        Ok(())
    }

    /// Shows lines as they are, once however often the interview runs.
    ///
    /// # Errors
    /// When there is nobody to read them.
    pub fn show(&mut self, text: &str) -> Result<(), Turn> {
        if self.is_new() {
            self.prompter.show(text)?;
        }
        Ok(())
    }

    /// Passes a text between questions; says whether it has not been shown yet.
    fn is_new(&mut self) -> bool {
        self.passed += 1;
        let is_new = self.is_live() && self.shown.len() < self.passed;
        if is_new {
            self.shown.push(self.used);
        }
        is_new
    }

    fn replayed(&mut self) -> Option<Answer> {
        let known = self.known.get(self.used).cloned()?;
        self.used += 1;
        Some(known)
    }

    fn settle<T>(&mut self, reply: Reply<T>, answer: impl Fn(&T) -> Answer) -> Result<T, Turn> {
        match reply {
            Reply::Given(value) => {
                self.known.push(answer(&value));
                self.used += 1;
                self.dropped = None;
                Ok(value)
            }
            Reply::Back => Err(Turn::Back),
        }
    }

    /// Asks for words.
    ///
    /// # Errors
    /// When the interview has to turn round or stop.
    pub fn text(&mut self, question: &Text<'_>) -> Result<String, Turn> {
        if let Some(Answer::Text(text)) = self.replayed() {
            return Ok(text);
        }
        let before = match &self.dropped {
            Some(Answer::Text(text)) => Some(text.clone()),
            Some(Answer::Choice(_) | Answer::Choices(_)) | None => None,
        };
        let reply = self.prompter.text(question, before.as_deref())?;
        self.settle(reply, |text| Answer::Text(text.clone()))
    }

    /// Asks for one of several.
    ///
    /// # Errors
    /// When the interview has to turn round or stop.
    pub fn choice(&mut self, question: &Choice<'_>) -> Result<usize, Turn> {
        if let Some(Answer::Choice(index)) = self.replayed() {
            return Ok(index);
        }
        let before = match self.dropped {
            Some(Answer::Choice(index)) => Some(index),
            Some(Answer::Text(_) | Answer::Choices(_)) | None => None,
        };
        let reply = self.prompter.choice(question, before)?;
        self.settle(reply, |index| Answer::Choice(*index))
    }

    /// Asks for any of several.
    ///
    /// # Errors
    /// When the interview has to turn round or stop.
    pub fn choices(&mut self, question: &Choices<'_>) -> Result<Vec<usize>, Turn> {
        if let Some(Answer::Choices(indices)) = self.replayed() {
            return Ok(indices);
        }
        let before = match &self.dropped {
            Some(Answer::Choices(indices)) => Some(indices.clone()),
            Some(Answer::Text(_) | Answer::Choice(_)) | None => None,
        };
        let reply = self.prompter.choices(question, before.as_deref())?;
        self.settle(reply, |indices| Answer::Choices(indices.clone()))
    }
}
