//! The text of a lock.

use onex_scaffold::lock::Lock;
use onex_scaffold::source::SourceFile;

use crate::told;

/// What is read is what is written, and its paths stay in the project.
pub fn holds(text: &str) {
    match Lock::parse(&SourceFile::new("onex.lock", text)) {
        Err(problem) => told(&[*problem]),
        Ok(lock) => {
            for file in &lock.files {
                let path = file.path.as_str();
                assert!(!path.is_empty() && !path.starts_with('/'), "{path}");
                assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path}");
                assert!(lock.file(&file.path) == Some(file), "{path} is not found");
            }
            let written = lock.text();
            let again = Lock::parse(&SourceFile::new("onex.lock", written.clone()));
            assert_eq!(again.as_ref(), Ok(&lock), "{written}");
            assert_eq!(again.map(|lock| lock.text()), Ok(written));
        }
    }
}
