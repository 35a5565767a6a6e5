//! Adapters to begin with: one file a language, to be printed, edited and run.

/// An adapter.
#[derive(Clone, Copy, Debug)]
pub struct Adapter {
    /// The language, as a word of the command line.
    pub language: &'static str,
    /// The file's usual name.
    pub file: &'static str,
    /// The text.
    pub text: &'static str,
}

/// All that there are.
pub const ADAPTERS: &[Adapter] = &[
    Adapter { language: "python", file: "adapter.py", text: include_str!("adapters/python.py") },
    Adapter { language: "node", file: "adapter.mjs", text: include_str!("adapters/node.mjs") },
    Adapter { language: "go", file: "adapter.go", text: include_str!("adapters/go.go") },
    Adapter { language: "java", file: "Adapter.java", text: include_str!("adapters/java.java") },
    Adapter { language: "c", file: "adapter.c", text: include_str!("adapters/c.c") },
    Adapter { language: "rust", file: "main.rs", text: include_str!("adapters/rust.rs") },
    Adapter { language: "shell", file: "adapter.sh", text: include_str!("adapters/shell.sh") },
];
