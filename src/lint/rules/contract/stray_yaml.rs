use crate::contract::yaml;
use crate::diagnostic::Diagnostic;
use crate::lint::{Subject, rule};

rule! {
    /// A YAML file below the package is no contract, and `onex validate` takes it for one.
    ///
    /// # What it checks
    ///
    /// That every `.yaml` and `.yml` file of the package has a `contract_version` and a `node_type`, and no
    /// `version`.
    ///
    /// # Why
    ///
    /// The framework's validator reads each of them as a contract and fails. The runtimes do not look, hence a
    /// warning.
    ///
    /// # Example
    ///
    /// ```yaml
    /// # src/shop/settings.yaml
    /// version: 2
    /// ```
    ///
    /// # Instead
    ///
    /// ```yaml
    /// # settings.yaml
    /// version: 2
    /// ```
    StrayYaml, "stray-yaml", Warning
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for file in subject.strays {
        let (tree, _) = yaml::read(file);
        let has = |key: &str| tree.as_ref().is_some_and(|tree| tree.get(key).is_some());
        if has("contract_version") && has("node_type") && !has("version") {
            continue;
        }
        let message = "`onex validate` takes this file for a contract, and refuses it";
        let finding = Diagnostic::warning(ID, file, file.span_of_line(1), message);
        found.push(finding.help("move it out of the package, or give it another extension"));
    }
}
