//! The files of one project: the only place where charters and data are read from the disk.
//!
//! In: paths relative to the project's folder, with forward slashes. Out: bytes. A path that leaves the project, by `..` or by
//! a symbolic link, is refused; so is what is no regular file, and what is larger than a reader can take.

use comity_core::source::{World, WorldError};
use std::fs;
use std::path::{Path, PathBuf};

/// A charter larger than this is refused: it would be some two million lines.
const CHARTER_LIMIT: u64 = 64 << 20;
/// A data file larger than this is refused.
const DATA_LIMIT: u64 = 1 << 30;

/// A folder and all below it.
#[derive(Debug, Clone)]
pub(crate) struct FsWorld {
    /// canonical
    root: PathBuf,
}

impl FsWorld {
    /// The project in this folder, whose path must be canonical.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Where a path of the project lies on the disk.
    fn locate(&self, path: &str) -> Result<PathBuf, WorldError> {
        let relative = normal(path).ok_or(WorldError::Outside)?;
        let full = fs::canonicalize(self.root.join(&relative)).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => WorldError::Missing,
            _ => WorldError::Unreadable(e.to_string()),
        })?;
        if full.starts_with(&self.root) { Ok(full) } else { Err(WorldError::Outside) }
    }
}

impl World for FsWorld {
    fn read(&self, path: &str) -> Result<Vec<u8>, WorldError> {
        let full = self.locate(path)?;
        let unreadable = |e: std::io::Error| WorldError::Unreadable(e.to_string());
        let about = fs::metadata(&full).map_err(unreadable)?;
        if about.is_dir() {
            return Err(WorldError::Unreadable("it is a folder".to_owned()));
        }
        if !about.is_file() {
            return Err(WorldError::Unreadable("it is no regular file".to_owned()));
        }
        let limit = if path.ends_with(".charter") || path.ends_with(".md") { CHARTER_LIMIT } else { DATA_LIMIT };
        if about.len() > limit {
            return Err(WorldError::TooLarge(limit));
        }
        fs::read(&full).map_err(unreadable)
    }

    fn glob(&self, pattern: &str) -> Result<Vec<String>, WorldError> {
        let pattern = normal(pattern).ok_or(WorldError::Outside)?;
        let parts: Vec<&str> = pattern.split('/').collect();
        let mut found = Vec::new();
        self.descend("", &parts, &mut found)?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

impl FsWorld {
    /// Adds the files below `folder` that match the rest of a pattern. Hidden entries match only a part that begins with a dot.
    fn descend(&self, folder: &str, parts: &[&str], found: &mut Vec<String>) -> Result<(), WorldError> {
        let Some((&part, rest)) = parts.split_first() else { return Ok(()) };
        let joined = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if part == "**" {
            self.descend(folder, rest, found)?;
        } else if !part.contains(['*', '?']) {
            let path = joined(part);
            return match self.locate(&path) {
                Ok(full) if rest.is_empty() && full.is_file() => {
                    found.push(path);
                    Ok(())
                }
                Ok(full) if full.is_dir() => self.descend(&path, rest, found),
                Ok(_) | Err(WorldError::Missing) => Ok(()),
                Err(e) => Err(e),
            };
        }
        let full = match self.locate(if folder.is_empty() { "." } else { folder }) {
            Ok(full) if full.is_dir() => full,
            Ok(_) | Err(WorldError::Missing) => return Ok(()),
            Err(e) => return Err(e),
        };
        let unreadable = |e: std::io::Error| WorldError::Unreadable(e.to_string());
        for entry in fs::read_dir(full).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name();
            // a name that is not Unicode cannot be written in a charter, so no pattern means it
            let Some(name) = name.to_str() else { continue };
            if name.starts_with('.') && !part.starts_with('.') {
                continue;
            }
            let kind = entry.file_type().map_err(unreadable)?;
            let path = joined(name);
            if part == "**" {
                // links are not followed here: they could lead round in a circle
                if kind.is_dir() {
                    self.descend(&path, parts, found)?;
                }
            } else if matches(part, name) {
                let full = self.locate(&path)?;
                if rest.is_empty() && full.is_file() {
                    found.push(path);
                } else if !rest.is_empty() && full.is_dir() {
                    self.descend(&path, rest, found)?;
                }
            }
        }
        Ok(())
    }
}

/// The path without `.` and `..`; nothing if it is absolute or leads out.
pub(crate) fn normal(path: &str) -> Option<String> {
    let absolute = path.starts_with('/') || path.contains('\\') || Path::new(path).is_absolute() || path.contains('\0');
    if absolute {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// Whether a name matches a part of a pattern: `*` stands for any characters, `?` for one.
fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    // reachable.get(i): the first i characters of the pattern match the name so far
    let mut reachable = vec![false; pattern.len() + 1];
    let open = |reachable: &mut Vec<bool>| {
        for (i, c) in pattern.iter().enumerate() {
            if *c == '*'
                && reachable.get(i) == Some(&true)
                && let Some(next) = reachable.get_mut(i + 1)
            {
                *next = true;
            }
        }
    };
    if let Some(first) = reachable.first_mut() {
        *first = true;
    }
    open(&mut reachable);
    for c in name.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for (i, p) in pattern.iter().enumerate() {
            if reachable.get(i) == Some(&true) {
                let to = if *p == '*' { i } else { i + 1 };
                if (*p == '*' || *p == '?' || *p == c)
                    && let Some(slot) = next.get_mut(to)
                {
                    *slot = true;
                }
            }
        }
        open(&mut next);
        reachable = next;
    }
    reachable.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(normal("a/./b//../c.charter"), Some("a/c.charter".to_owned()));
        assert_eq!(normal("../c.charter"), None);
        assert_eq!(normal("a/../../c.charter"), None);
        assert_eq!(normal("/etc/hostname"), None);
    }

    #[test]
    fn patterns_match_whole_names() {
        assert!(matches("*.yaml", "a.yaml") && matches("*", "") && matches("a?c*", "abcdef") && matches("**a", "bca"));
        assert!(!matches("*.yaml", "a.yml") && !matches("?", "") && !matches("a", "ab"));
    }

    #[test]
    fn folders_links_and_parents_are_refused() {
        let base = std::env::temp_dir().join(format!("comity-world-{}", std::process::id()));
        let root = base.join("project");
        fs::create_dir_all(root.join("peers/.hidden")).unwrap();
        fs::write(base.join("outside.txt"), "x").unwrap();
        for name in ["peers/b.yaml", "peers/a.yaml", "peers/.c.yaml", "peers/.hidden/d.yaml", "x.charter"] {
            fs::write(root.join(name), name).unwrap();
        }
        let world = FsWorld::new(fs::canonicalize(&root).unwrap());
        assert_eq!(world.glob("peers/*.yaml").unwrap(), ["peers/a.yaml", "peers/b.yaml"]);
        assert_eq!(world.glob("**/*.yaml").unwrap(), ["peers/a.yaml", "peers/b.yaml"]);
        assert_eq!(world.glob("nowhere/*").unwrap(), Vec::<String>::new());
        assert_eq!(world.glob("../*"), Err(WorldError::Outside));
        assert_eq!(world.read("x.charter").unwrap(), b"x.charter");
        assert_eq!(world.read("y.charter"), Err(WorldError::Missing));
        assert_eq!(world.read("x.charter/y"), Err(WorldError::Missing));
        assert_eq!(world.read("../outside.txt"), Err(WorldError::Outside));
        assert!(matches!(world.read("peers"), Err(WorldError::Unreadable(_))));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(base.join("outside.txt"), root.join("peers/link.yaml")).unwrap();
            assert_eq!(world.read("peers/link.yaml"), Err(WorldError::Outside));
            assert_eq!(world.glob("peers/*.yaml"), Err(WorldError::Outside));
        }
        fs::remove_dir_all(&base).unwrap();
    }
}
