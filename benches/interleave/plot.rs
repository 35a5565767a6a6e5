//! The rows that have peers as a plot: how many times as fast as the best of them, and the bar.

use super::table::{Bar, Peer, Row};
use std::fmt::Write as _;

const LINE: usize = 22;
const LEFT: usize = 270;
/// Pixels for a factor of two: the axis is logarithmic, from 1/2 to 16.
const OCTAVE: f64 = 110.0;

/// SVG, in colours that work on light and dark pages.
pub(super) fn svg(rows: &[Row]) -> String {
    let rows: Vec<(&Row, Peer)> =
        rows.iter().filter(|r| r.bar.is_some()).filter_map(|r| Some((r, r.best_peer()?))).collect();
    let (width, height) = (LEFT + 620, LINE * (rows.len() + 2));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"13\" role=\"img\"><title>How many times as fast as the best peer</title>\n"
    );
    for factor in [0.5, 1.0, 2.0, 4.0, 8.0, 16.0] {
        let x = at(factor);
        let _ = writeln!(
            svg,
            "<line x1=\"{x:.0}\" x2=\"{x:.0}\" y1=\"18\" y2=\"{height}\" stroke=\"#888\" \
             stroke-dasharray=\"2 4\"/><text x=\"{x:.0}\" y=\"13\" fill=\"#888\" \
             text-anchor=\"middle\">{factor}×</text>"
        );
    }
    for (i, (row, Peer { name: peer, ratio, .. })) in rows.iter().enumerate() {
        let y = LINE * (i + 1) + 4;
        let bar = match row.bar {
            Some(Bar::Ratio(bar)) => bar,
            _ => 1.0,
        };
        let colour = if *ratio >= bar { "#2a8a4a" } else { "#c46a1b" };
        let (from, to) = (at(1.0).min(at(*ratio)), at(1.0).max(at(*ratio)));
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" fill=\"#888\" text-anchor=\"end\">{}</text>\
             <rect x=\"{from:.0}\" y=\"{y}\" width=\"{:.0}\" height=\"14\" fill=\"{colour}\"/>\
             <line x1=\"{:.0}\" x2=\"{:.0}\" y1=\"{}\" y2=\"{}\" stroke=\"#888\" stroke-width=\"2\"/>\
             <text x=\"{:.0}\" y=\"{}\" fill=\"#888\">{ratio:.2} × {peer}</text>",
            LEFT - 10,
            y + 12,
            row.name,
            (to - from).max(1.0),
            at(bar),
            at(bar),
            y - 2,
            y + 16,
            to + 6.0,
            y + 12,
        );
    }
    svg + "</svg>\n"
}

fn at(factor: f64) -> f64 {
    let left = f64::from(u32::try_from(LEFT).unwrap_or_default());
    left + (factor.clamp(0.5, 16.0).log2() + 1.0) * OCTAVE
}
