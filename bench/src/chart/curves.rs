//! A distribution of times: how many took no longer than so long, a line a server. Both axes are logarithmic, so that
//! the slowest thousandth is as wide as the rest.

use super::role::Role;
use super::svg::{Body, HEAD, MARGIN, WIDTH, document, escaped, in_words};
use crate::report::{Curves, Line, ScenarioReport};

const LEFT: f64 = MARGIN + 56.0;
/// Kept free at the right, for the lines' names.
const RIGHT: f64 = WIDTH - MARGIN - 100.0;
const PLOT: f64 = 300.0;
const BOTTOM: f64 = HEAD + PLOT;
/// Names are at least so far apart.
const LINE: f64 = 15.0;
/// Where 100 % is, in nines: nothing is ever that far, so the slowest has a place of its own.
const ALL: f64 = 4.6;
/// Of the lines of peers, which have one color.
const PATTERNS: [&str; 3] = ["", " second", " third"];
const TICKS: [(f64, &str); 6] = [
    (0.0, "0 %"),
    (50.0, "50 %"),
    (90.0, "90 %"),
    (99.0, "99 %"),
    (99.9, "99.9 %"),
    (99.99, "99.99 %"),
];

/// The chart of one distribution.
pub(super) fn draw(scenario: &ScenarioReport, curves: &Curves, conditions: &str) -> String {
    let axis = Axis::of(curves);
    let mut body = Body::default();
    axis.draw(&mut body);
    let mut patterns = PATTERNS.into_iter();
    for line in &curves.lines {
        let role = Role::of(&line.server);
        let pattern = if role == Role::Peer {
            patterns.next().unwrap_or_default()
        } else {
            ""
        };
        let points: Vec<_> = line
            .points
            .iter()
            .map(|point| format!("{:.1} {:.1}", x(point.percentile), axis.y(point.millis)))
            .collect();
        body.push(format_args!(
            "<path class=\"{}{pattern}\" d=\"M{}\"/>",
            role.class(),
            points.join("L")
        ));
    }
    for (name, y) in names(&curves.lines, &axis) {
        body.push(format_args!(
            "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            RIGHT + 8.0,
            y + 4.0,
            escaped(name)
        ));
    }
    let title = format!("{}: {}", scenario.name, curves.name);
    let words = words(curves, conditions);
    document(&title, conditions, &words, BOTTOM + 56.0, &body)
}

fn words(curves: &Curves, conditions: &str) -> String {
    let lines = curves.lines.iter().map(|line| {
        let at = |percentile: f64| {
            let point = line
                .points
                .iter()
                .find(|point| point.percentile >= percentile);
            point.map_or(0.0, |point| point.millis)
        };
        format!(
            "{}: half within {}, 99 % within {}, all within {}.",
            line.server,
            in_words(at(50.0), "ms"),
            in_words(at(99.0), "ms"),
            in_words(at(100.0), "ms")
        )
    });
    let lines: Vec<_> = std::iter::once(format!("{conditions}."))
        .chain(lines)
        .collect();
    lines.join(" ")
}

/// Whole decades of milliseconds, from the fastest to the slowest.
struct Axis {
    from: i32,
    to: i32,
}

impl Axis {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a decade of milliseconds is a small number"
    )]
    fn of(curves: &Curves) -> Self {
        let points = curves.lines.iter().flat_map(|line| &line.points);
        let millis = points
            .map(|point| point.millis)
            .filter(|millis| *millis > 0.0);
        let (low, high) = millis.fold((f64::MAX, f64::MIN_POSITIVE), |(low, high), millis| {
            (low.min(millis), high.max(millis))
        });
        if low > high {
            return Self { from: 0, to: 1 };
        }
        let from = low.log10().floor() as i32;
        Self {
            from,
            to: (high.log10().ceil() as i32).max(from + 1),
        }
    }

    fn y(&self, millis: f64) -> f64 {
        let (from, to) = (f64::from(self.from), f64::from(self.to));
        let decade = if millis > 0.0 {
            millis.log10().clamp(from, to)
        } else {
            from
        };
        BOTTOM - (decade - from) / (to - from) * PLOT
    }

    fn draw(&self, body: &mut Body) {
        for decade in self.from..=self.to {
            let millis = 10_f64.powi(decade);
            let y = self.y(millis);
            let decimals = usize::try_from(-decade).unwrap_or_default();
            body.push(format_args!(
                "<line class=\"base\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{RIGHT}\" y2=\"{y:.1}\"/>\
                 <text class=\"faint end\" x=\"{:.1}\" y=\"{:.1}\">{millis:.decimals$} ms</text>",
                LEFT - 8.0,
                y + 4.0
            ));
        }
        for (percentile, name) in TICKS {
            let x = x(percentile);
            body.push(format_args!(
                "<line class=\"base\" x1=\"{x:.1}\" y1=\"{BOTTOM}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>\
                 <text class=\"faint middle\" x=\"{x:.1}\" y=\"{:.1}\">{name}</text>",
                BOTTOM + 5.0,
                BOTTOM + 20.0
            ));
        }
        body.push(format_args!(
            "<text class=\"faint middle\" x=\"{RIGHT}\" y=\"{:.1}\">all</text>",
            BOTTOM + 20.0
        ));
    }
}

/// By the number of nines.
fn x(percentile: f64) -> f64 {
    let nines = -(1.0 - percentile / 100.0).log10();
    LEFT + nines.min(ALL) / ALL * (RIGHT - LEFT)
}

/// The lines' names next to their ends, moved apart where those are close.
fn names<'a>(lines: &'a [Line], axis: &Axis) -> Vec<(&'a str, f64)> {
    let end = |line: &Line| axis.y(line.points.last().map_or(0.0, |point| point.millis));
    let mut names: Vec<_> = lines
        .iter()
        .map(|line| (line.server.as_str(), end(line)))
        .collect();
    names.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    for at in 1..names.len() {
        names[at].1 = names[at].1.max(names[at - 1].1 + LINE);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Latencies;

    fn line(server: &str, millis: impl IntoIterator<Item = u64>) -> Line {
        let mut latencies = Latencies::new().unwrap();
        for one in millis {
            latencies.record(one * 1_000_000);
        }
        latencies.line(server)
    }

    fn curves(lines: Vec<Line>) -> Curves {
        Curves {
            name: "commit to socket",
            lines,
        }
    }

    fn drawn(curves: &Curves) -> String {
        draw(
            &ScenarioReport::new("fanout", "to sockets"),
            curves,
            "a machine",
        )
    }

    #[test]
    fn each_nine_is_as_wide_as_the_one_before() {
        let [ninety, nines, more] = [x(90.0), x(99.0), x(99.9)];
        assert!(((nines - ninety) - (more - nines)).abs() < 0.01);
        assert!((x(0.0) - LEFT).abs() < 0.01 && (x(100.0) - RIGHT).abs() < 0.01);
    }

    #[test]
    fn the_axis_holds_every_point() {
        let curves = curves(vec![line("hub", 3..=250), line("floor", 2..=90)]);
        let axis = Axis::of(&curves);
        assert_eq!((axis.from, axis.to), (0, 3));
        assert!((axis.y(1.0) - BOTTOM).abs() < 0.01 && (axis.y(1_000.0) - HEAD).abs() < 0.01);
    }

    #[test]
    fn it_says_in_words_what_it_shows() {
        let svg = drawn(&curves(vec![line("hub", 1..=200)]));
        assert!(
            svg.contains("hub: half within 100 ms, 99 % within 198 ms, all within 200 ms."),
            "{svg}"
        );
        assert!(svg.contains("<path class=\"hub\" d=\"M"));
    }

    #[test]
    fn names_of_lines_that_end_together_do_not_overlap() {
        let lines = vec![
            line("hub", 1..=100),
            line("floor", 1..=100),
            line("ws", 1..=100),
        ];
        let curves = curves(lines);
        let names = names(&curves.lines, &Axis::of(&curves));
        for pair in names.windows(2) {
            assert!(pair[1].1 - pair[0].1 >= LINE, "{names:?}");
        }
    }

    #[test]
    fn lines_of_peers_are_distinguishable_without_colors() {
        let lines = ["hub", "nats", "ws"].map(|server| line(server, 1..=9));
        let svg = drawn(&curves(lines.to_vec()));
        for class in ["\"hub\"", "\"peer\"", "\"peer second\""] {
            assert!(svg.contains(&format!("<path class={class}")), "{class}");
        }
    }

    #[test]
    fn nothing_measured_still_is_a_chart() {
        let svg = drawn(&curves(vec![line("hub", [])]));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
