use onex_scaffold::lint::{gather, lint};
use onex_scaffold::workspace::{RelPath, Workspace};
#[test]
fn scratch() {
    for root in std::env::var("ROOTS").unwrap().split(':') {
        let workspace = Workspace::open(std::path::Path::new(root)).unwrap();
        let start = std::time::Instant::now();
        let gathered = gather(&workspace, &[RelPath::root()]).unwrap();
        let found = lint(&gathered);
        println!("== {root} nodes {} in {:?}", gathered.nodes.len(), start.elapsed());
        for d in &found {
            let at = d.primary.file.position(d.primary.span.start);
            println!(
                "{}\t{}\t{}:{}\t{}",
                d.severity.as_str(),
                d.rule,
                d.primary.file.path(),
                at.line,
                d.message
            );
        }
    }
}
