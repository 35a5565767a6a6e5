//! Pictures of a trace: a round of SHA-2, the groups of base64url, the fields of an RSA block, the parts of a
//! token. Values are the trace's own; colours are never alone, a letter or a frame stands beside them.

mod block;
mod groups;
mod round;
mod token;

use super::super::trace::Trace;
use super::html::escaped;
use core::fmt;

/// The picture of a trace, which shows public values only; of a part of it (`Trace::at`) where the part has one.
///
/// # Errors
///
/// When nothing in the trace has a picture.
pub fn svg(trace: &Trace) -> Result<String, NoPicture> {
    token::picture(trace)
        .or_else(|| round::picture(trace))
        .or_else(|| block::picture(trace))
        .or_else(|| groups::picture(trace))
        .ok_or_else(|| NoPicture { subject: trace.subject() })
}

/// There is no picture of this subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPicture {
    subject: &'static str,
}

impl fmt::Display for NoPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no picture of this part of {}", self.subject)
    }
}

impl core::error::Error for NoPicture {}

/// A drawing under way: shapes in the order in which they are put on the page.
struct Canvas {
    width: usize,
    height: usize,
    shapes: String,
}

/// What a box stands for, told by its frame as well as its colour.
#[derive(Clone, Copy)]
enum Ink {
    /// A value that was there.
    Plain,
    /// A value that is new.
    New,
    /// A sum.
    Sum,
}

impl Ink {
    fn class(self) -> &'static str {
        match self {
            Ink::Plain => "plain",
            Ink::New => "new",
            Ink::Sum => "sum",
        }
    }
}

impl Canvas {
    fn new(width: usize, height: usize) -> Canvas {
        Canvas { width, height, shapes: String::new() }
    }

    /// A box with two lines of text: what it is called, what it is.
    fn labelled(&mut self, [x, y]: [usize; 2], width: usize, [name, value]: [&str; 2], ink: Ink) {
        let (class, middle) = (ink.class(), x + width / 2);
        self.shapes.push_str(&format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"44\" rx=\"4\"/>\n\
             <text class=\"name\" x=\"{middle}\" y=\"{}\">{}</text>\n<text x=\"{middle}\" y=\"{}\">{}</text>\n",
            y + 17,
            escaped(name),
            y + 35,
            escaped(value)
        ));
    }

    /// A frame of any size, with a word in its middle.
    fn field(&mut self, [x, y]: [usize; 2], [width, height]: [usize; 2], text: &str, ink: Ink) {
        let (class, middle, base) = (ink.class(), x + width / 2, y + height / 2 + 5);
        self.shapes.push_str(&format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"3\"/>\n"
        ));
        if !text.is_empty() {
            let text = escaped(text);
            self.shapes.push_str(&format!("<text x=\"{middle}\" y=\"{base}\">{text}</text>\n"));
        }
    }

    fn arrow(&mut self, [x1, y1]: [usize; 2], [x2, y2]: [usize; 2], ink: Ink) {
        self.shapes.push_str(&format!(
            "<line class=\"{}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" marker-end=\"url(#tip)\"/>\n",
            ink.class()
        ));
    }

    fn words(&mut self, [x, y]: [usize; 2], text: &str) {
        let text = escaped(text);
        self.shapes.push_str(&format!("<text class=\"words\" x=\"{x}\" y=\"{y}\">{text}</text>\n"));
    }

    /// The finished picture, with its title for those who do not see it.
    fn finish(self, title: &str) -> String {
        let Canvas { width, height, shapes } = self;
        let title = escaped(title);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-label=\"{title}\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<defs><marker id=\"tip\" \
             viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
             <path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n<rect class=\"paper\" width=\"{width}\" \
             height=\"{height}\"/>\n{shapes}</svg>\n"
        )
    }
}

const STYLE: &str = "\
.paper{fill:#fdfcfa}text{font:13px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1b1f24;\
text-anchor:middle}.name{fill:#5b6470;font-size:12px}.words{text-anchor:start}rect.plain{fill:#fff;stroke:#9aa3ad}\
rect.new{fill:#e6f0f7;stroke:#1f5f8b;stroke-width:2}rect.sum{fill:#fbf1dd;stroke:#8a5a00;stroke-dasharray:5 3}\
line{stroke:#9aa3ad;stroke-width:1.2}line.new{stroke:#1f5f8b;stroke-width:2}line.sum{stroke:#8a5a00}\
#tip path{fill:#5b6470}";
