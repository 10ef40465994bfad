use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};
use crate::lint::{local, wiring};

rule! {
    /// The input model is not the event that the first topic carries.
    ///
    /// # What it checks
    ///
    /// That `input_model` is the `event_model` of the entry that takes the first of
    /// `event_bus.subscribe_topics`.
    ///
    /// # Why
    ///
    /// RuntimeLocal builds the first message from `input_model` and publishes it on the first topic: the
    /// handler there gets a class that it does not know, and the run fails. `ModelOrchestratorInput` of the
    /// template is such a class. A warning for handler styles that RuntimeLocal cannot run.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// input_model: {name: "ModelOrchestratorInput", module: "omnibase_core.models.orchestrator.model_orchestrator_input"}
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// # local: a node that RuntimeLocal runs
    /// input_model: {name: "ModelDeliveryMadeEvent", module: "billing.models.events.model_delivery_made_event"}
    /// ```
    InputModel, "input-model", Error
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let contract = subject.contract;
    let Some(input) = &contract.input_model else { return };
    let Some(topic) = wiring::subscribed(contract).first() else { return };
    let mut takers = subject.entries().iter().enumerate().filter(|(index, entry)| {
        local::input_topic(contract, entry, *index) == Some(topic.value.as_str())
    });
    let models: Vec<_> =
        takers.by_ref().filter_map(|(_, entry)| entry.event_model.as_ref()).collect();
    let Some(model) = models.first() else { return };
    if models.iter().any(|model| model.name.value == input.name.value) {
        return;
    }
    let message = format!(
        "`input_model` is `{}`, and the first topic carries `{}`",
        input.name.value, model.name.value
    );
    let finding = subject.finding(subject.local_severity(), ID, input.name.span, message);
    let module = model.module.as_ref().map(|module| module.value.as_str()).unwrap_or_default();
    found.push(finding.related(model.name.span, "what the first topic carries").help(format!(
        "write `input_model: {{ name: \"{}\", module: \"{module}\" }}`",
        model.name.value
    )));
}
