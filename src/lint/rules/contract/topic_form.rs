use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::wiring;
use crate::lint::{Subject, rule};

rule! {
    /// A topic is not of the form that the framework's models want.
    ///
    /// # What it checks
    ///
    /// That every topic has the five parts `onex.<cmd|evt|dlq|intent|snapshot>.<producer>.<event>.v<N>`, in
    /// lower case with `-` between words.
    ///
    /// # Why
    ///
    /// `ModelEventBusSubcontract` refuses any other form, and the auto-wiring derives no `event_type` from it.
    /// A message on it can still be dispatched, hence a warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// terminal_event: "onex.evt.my_shop.order-paid.v1"
    /// # an underscore
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// terminal_event: "onex.evt.shop.order-paid.v1"
    /// # words joined by -
    /// ```
    TopicForm, "topic-form", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for topic in
        wiring::topics(subject.contract).filter(|topic| !wiring::has_placeholder(&topic.value))
    {
        let Some(problem) = wiring::topic_problem(&topic.value) else { continue };
        let message =
            format!("the framework's models refuse the topic `{}`: {problem}", topic.value);
        let finding = subject.finding(Severity::Warning, ID, topic.span, message);
        found.push(finding.help("write it as `onex.<evt|cmd>.<producer>.<event>.v1`"));
    }
}
