use toml_edit::Value;

use super::{STYLES, files, project, refused, said, tricks};

/// pyproject.toml with places for one text; what the place says in a harmless project.
const SETTINGS: [(&str, &str); 19] = [
    ("[project]\nname = HERE\n", "app"),
    ("[project]\nname = 'app'\n[tool.onex.scaffold]\nlicense-header = HERE\n", "License"),
    (
        "[project]\nname = 'app'\n[tool.onex.scaffold]\nlicense-header = ['a', HERE, 'b']\n",
        "License",
    ),
    ("[project]\nname = 'app'\n[tool.onex.scaffold]\nproducer = HERE\n", "shop"),
    ("[project]\nname = 'app'\n[tool.onex.scaffold]\ntests = HERE\n", "checks"),
    ("[project]\nname = 'app'\n[tool.onex.scaffold]\nhandler-style = HERE\n", "envelope"),
    ("[project]\nname = 'app'\n[tool.onex.scaffold]\nHERE = 1\n", "other"),
    ("[project]\nname = 'app'\n[tool.onex.lint]\nallow = [HERE]\n", "no-route"),
    ("[project]\nname = 'app'\n[tool.onex.lint.per-path]\nHERE = ['no-route']\n", "src/**"),
    ("[project]\nname = 'app'\n[project.entry-points.'onex.nodes']\nnode_x = HERE\n", "app.x:X"),
    ("[project]\nname = 'app'\n[project.entry-points.'onex.nodes']\nHERE = 'app.x:X'\n", "node_x"),
    ("[project]\nname = 'app'\n[tool.pytest.ini_options]\ntestpaths = [HERE]\n", "checks"),
    ("[project]\nname = 'app'\n[tool.pytest.ini_options]\nmarkers = [HERE]\n", "slow: x"),
    ("[project]\nname = 'app'\n[tool.ruff.format]\nquote-style = HERE\n", "single"),
    ("[project]\nname = 'app'\n[tool.ruff.format]\nline-ending = HERE\n", "lf"),
    ("[project]\nname = 'app'\n[tool.ruff]\nsrc = [HERE]\n", "src"),
    ("[project]\nname = 'app'\n[tool.ruff.lint.isort]\nknown-first-party = [HERE]\n", "app"),
    (
        "[project]\nname = 'app'\n[tool.ruff.lint.isort]\nrequired-imports = [HERE]\n",
        "from x import y",
    ),
    ("[project]\nname = 'app'\n[tool.ruff]\nextend = HERE\n", "other.toml"),
];

const CONTRACT: &str = include_str!("contract.json");

#[test]
fn no_setting_becomes_code() {
    let plain = project("[project]\nname = 'app'\n").unwrap();
    let mut accepted = 0;
    for (index, (setting, usual)) in SETTINGS.into_iter().enumerate() {
        let style = STYLES[index % STYLES.len()];
        let twin = said(&files(CONTRACT, &plain, style).unwrap());
        let with = |text: &str| setting.replace("HERE", &Value::from(text).to_string());
        assert!(project(&with(usual)).is_ok(), "{}", with(usual));
        for trick in tricks::all() {
            let pyproject = with(&trick);
            let project = match project(&pyproject) {
                Ok(project) => project,
                Err(found) => {
                    refused(&found, &pyproject);
                    continue;
                }
            };
            accepted += 1;
            // What is read as if it were not there is written as if it were not there.
            if format!("{project:?}") == format!("{plain:?}") {
                continue;
            }
            let files = files(CONTRACT, &project, style)
                .unwrap_or_else(|found| panic!("{pyproject}: {found:?}"));
            let said = said(&files);
            assert!(said == twin, "{pyproject}: {:#?}", said.differences(&twin));
            for file in &files {
                let path = file.path.as_str();
                assert!(path.split('/').all(|part| !["", ".", ".."].contains(&part)), "{path:?}");
            }
        }
    }
    assert!(accepted > 500, "{accepted} settings are usable");
}
