//! The set-up lines of the guide, in the shells that they are for.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use term::session::Options as How;
use term::ssh::Secrets;
use term::terminal::commands::Mark;
use term::terminal::{CommandAt, Content, Outcome, Prompt, Size};
use term::{Session, Terminal};
use testbed::Sshd;

use crate::session::{shows, terminal};
use crate::user::{LIMIT, host, nobody, open};

/// What the guide says to put into a shell's start file.
fn lines_of_the_guide(language: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/guide/shell.md");
    let guide = fs::read_to_string(guide).unwrap();
    let (_, block) = guide.split_once(&format!("```{language}\n")).expect("lines for this shell");
    block.split_once("\n```").expect("an end of them").0.to_owned()
}

fn content(terminal: &Terminal) -> Content {
    let mut content = Content::default();
    terminal.snapshot(&mut content);
    content
}

fn outcomes(terminal: &Terminal) -> Vec<&'static str> {
    let name = |mark: &Mark| match mark.outcome {
        Outcome::Prompt => "prompt",
        Outcome::Running => "running",
        Outcome::Ended { status: Some(0), .. } => "succeeded",
        Outcome::Ended { status: Some(_), .. } => "failed",
        Outcome::Ended { status: None, .. } => "ended",
    };
    content(terminal).prompts.iter().map(name).collect()
}

/// Waits until the commands stand so.
async fn stand(terminal: &Terminal, expected: &[&str]) {
    let deadline = Instant::now() + LIMIT;
    while outcomes(terminal) != expected {
        assert!(Instant::now() < deadline, "{:?}:\n{}", outcomes(terminal), terminal.visible_text());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Starts `shell` with the guide's lines in `file` of its home, runs commands and goes from prompt to prompt.
async fn prompts_are_marked(shell: &str, language: &str, file: &str, prompt: &str) {
    let server = Sshd::start().unwrap();
    let (events, _) = nobody();
    let connection = open(&host(&server), Secrets::default(), &events).await.unwrap();
    let terminal = terminal();
    let session = Session::open(&connection, Arc::clone(&terminal), How::default(), events).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    let start = home.path().join(file);
    fs::create_dir_all(start.parent().unwrap()).unwrap();
    fs::write(&start, format!("{prompt}\n{}\n", lines_of_the_guide(language))).unwrap();
    let home = home.path().display();
    session.write(format!("exec env -u XDG_CONFIG_HOME -u ZDOTDIR HOME={home} {shell}; clear\r").as_bytes());
    stand(&terminal, &["prompt"]).await;
    assert!(terminal.working_directory().is_some(), "the shell tells its directory");
    session.write(b"true\r");
    stand(&terminal, &["succeeded", "prompt"]).await;
    session.write(b"false\r");
    stand(&terminal, &["succeeded", "failed", "prompt"]).await;
    session.write(b"seq 30 59\r");
    stand(&terminal, &["succeeded", "failed", "succeeded", "prompt"]).await;
    // An empty line runs nothing.
    session.write(b"\r");
    stand(&terminal, &["succeeded", "failed", "succeeded", "prompt", "prompt"]).await;
    session.write(b"cat\r");
    stand(&terminal, &["succeeded", "failed", "succeeded", "prompt", "running"]).await;
    session.write(b"typed-in\r");
    shows(&terminal, "typed-in").await;
    session.write(b"\x04");
    stand(&terminal, &["succeeded", "failed", "succeeded", "prompt", "succeeded", "prompt"]).await;

    let lines: Vec<u64> = content(&terminal).prompts.iter().map(|mark| mark.line).collect();
    terminal.resize(Size { columns: 80, lines: 5, width: 0, height: 0 });
    let mut visited = Vec::new();
    while terminal.scroll_to_prompt(Prompt::Previous) {
        visited.push(content(&terminal).first_line.unwrap());
    }
    visited.reverse();
    assert!(visited.len() >= 3 && visited.iter().all(|line| lines.contains(line)), "{visited:?} of {lines:?}");
    assert!(terminal.visible_text().lines().next().unwrap().contains("ready> true"), "{}", terminal.visible_text());
    assert!(terminal.scroll_to_prompt(Prompt::Next));
    assert!(terminal.scroll_to_prompt(Prompt::Next));
    assert!(terminal.visible_text().starts_with("ready> seq 30 59\n30\n31\n"), "{}", terminal.visible_text());
    let numbers: String = (30..60).map(|number| format!("{number}\n")).collect();
    assert_eq!(terminal.output_text(CommandAt::Line(0)).as_deref().map(str::trim_end), Some(numbers.trim_end()));
}

#[tokio::test(flavor = "multi_thread")]
async fn bash_marks_its_prompts_with_the_lines_of_the_guide() {
    prompts_are_marked("bash -i", "bash", ".bashrc", "PS1='ready> '").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn zsh_marks_its_prompts_with_the_lines_of_the_guide() {
    prompts_are_marked("zsh -i", "zsh", ".zshrc", "PS1='ready> '").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fish_marks_its_prompts_with_the_lines_of_the_guide() {
    let prompt = "function fish_prompt; echo 'ready> '; end";
    prompts_are_marked("fish -i", "fish", ".config/fish/config.fish", prompt).await;
}
