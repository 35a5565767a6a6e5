//! One self-contained HTML page, without script: it can be kept, printed, sent.

use super::super::step::{Layout, Outcome, Stage, Step};
use super::super::trace::{End, Trace};
use super::super::value::{Data, Value};
use super::{Reveal, mask, printable, spaced_hex};

const STYLE: &str = include_str!("trace.css");

/// The whole trace as a page of its own.
pub fn html(trace: &Trace, reveal: Reveal) -> String {
    let title = escaped(trace.title());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{}</main>\n</body>\n</html>\n",
        html_body(trace, reveal)
    )
}

/// The stages as sections, for a page that has its own frame: headings from `h2` on.
pub fn html_body(trace: &Trace, reveal: Reveal) -> String {
    let stages = trace.stages().iter().map(|stage| stage_html(stage, reveal));
    stages.chain([end(trace, reveal)]).collect()
}

fn stage_html(stage: &Stage, reveal: Reveal) -> String {
    let id = escaped(&stage.id);
    let place = match &stage.code {
        Some(code) => format!(
            "<p class=\"place\"><code>{}:{}</code> <code>{}</code></p>\n",
            code.file,
            code.line,
            escaped(code.text)
        ),
        None => String::new(),
    };
    let steps: String = match stage.layout {
        Layout::Prose => stage.steps.iter().map(|step| step_html(stage, step, reveal)).collect(),
        Layout::Table(columns) => table(stage, columns, reveal),
    };
    format!(
        "<section id=\"stage-{id}\">\n<h2>{} <span class=\"section\">{}</span></h2>\n<p>{}</p>\n{place}{steps}\
         </section>\n",
        escaped(&stage.title),
        stage.section,
        escaped(&stage.why)
    )
}

fn step_html(stage: &Stage, step: &Step, reveal: Reveal) -> String {
    let mut html = format!("<div class=\"step\" id=\"{}\">\n", escaped(&step.id));
    if step.id != stage.id {
        html.push_str(&format!(
            "<h3>{} <a href=\"#{id}\"><code>{id}</code></a></h3>\n",
            escaped(&step.title),
            id = escaped(&step.id)
        ));
    }
    if let Some(why) = &step.why {
        html.push_str(&format!("<p>{}</p>\n", escaped(why)));
    }
    html.push_str("<dl>\n");
    for (class, values) in [("in", &step.inputs), ("out", &step.outputs)] {
        html.extend(values.iter().map(|value| {
            let name = escaped(&value.name);
            format!("<dt class=\"{class}\">{name}</dt><dd>{}</dd>\n", value_html(value, reveal))
        }));
    }
    html.push_str("</dl>\n");
    html.push_str(&words(step));
    html.push_str("</div>\n");
    html
}

/// What is said of a step below its values.
fn words(step: &Step) -> String {
    let outcome = match &step.outcome {
        Outcome::None => None,
        Outcome::Holds => Some("<p class=\"holds\">✓ holds</p>\n".to_owned()),
        Outcome::Fails(reason) => {
            Some(format!("<p class=\"fails\">✗ fails: {}</p>\n", escaped(reason)))
        }
    };
    let figure = step.figure.map(|figure| format!("<p class=\"figure\">{figure}</p>\n"));
    let remark = step.remark.as_ref().map(|r| format!("<p class=\"remark\">{}</p>\n", escaped(r)));
    [outcome, figure, remark].into_iter().flatten().collect()
}

fn value_html(value: &Value, reveal: Reveal) -> String {
    if reveal.hides(value) {
        return format!("<em>{}</em>", mask(value));
    }
    let shown = match &value.data {
        Data::Bytes(bytes) if bytes.is_empty() => return "<em>(no bytes)</em>".to_owned(),
        Data::Bytes(bytes) => spaced_hex(bytes).join(" "),
        Data::Word(bytes) => hex::encode(bytes),
        Data::Text(text) => return format!("<code>{}</code>", escaped(text)),
        Data::Number(number) if number.bits() <= 64 => number.to_string(),
        Data::Number(number) => spaced_hex(&number.to_bytes_be()).join(" "),
    };
    format!("<code>{shown}</code>")
}

fn table(stage: &Stage, columns: &[&str], reveal: Reveal) -> String {
    let heads: String =
        columns.iter().map(|name| format!("<th scope=\"col\">{}</th>", escaped(name))).collect();
    let rows = stage.steps.iter().map(|step| {
        let key = escaped(step.id.rsplit('.').next().unwrap_or_default());
        let cell = |name: &&str| match step.value(name) {
            Some(value) => format!("<td>{}</td>", value_html(value, reveal)),
            None => "<td></td>".to_owned(),
        };
        let cells: String = columns.iter().map(cell).collect();
        let figure = step.figure.map(|figure| figure.to_string()).unwrap_or_default();
        let remark = step.remark.as_deref().map(escaped).unwrap_or_default();
        format!(
            "<tr id=\"{}\"><th scope=\"row\">{key}</th>{cells}<td>{figure}{remark}</td></tr>\n",
            escaped(&step.id)
        )
    });
    let rows: String = rows.collect();
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n<table>\n<thead><tr>\
         <th scope=\"col\">step</th>{heads}<th scope=\"col\"><span class=\"quiet\">remark</span></th></tr>\
         </thead>\n<tbody>\n{rows}</tbody>\n</table>\n</div>\n",
        escaped(&stage.title)
    )
}

fn end(trace: &Trace, reveal: Reveal) -> String {
    let verdict = match trace.end() {
        End::Value(bytes) => {
            let shown = match trace.last_value() {
                Some(last) if reveal.hides(last) => mask(last),
                Some(Value { data: Data::Text(text), .. }) => escaped(text),
                _ => hex::encode(bytes),
            };
            format!("<p class=\"end\"><code>{shown}</code></p>\n")
        }
        End::Accepted => "<p class=\"end holds\">✓ accepted</p>\n".to_owned(),
        End::Refused(reasons) => reasons
            .iter()
            .map(|reason| format!("<p class=\"end fails\">✗ refused: {}</p>\n", escaped(reason)))
            .collect(),
    };
    let agreed = trace.ways().map_or_else(String::new, |ways| {
        format!("<p>As production returned it ({}).</p>\n", escaped(&ways))
    });
    format!("<section id=\"end\">\n<h2>result</h2>\n{verdict}{agreed}</section>\n")
}

/// Text of anybody in HTML: nothing of it is markup, nothing steers.
pub(super) fn escaped(text: &str) -> String {
    printable(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
