//! A panel a figure, a bar a server, each on a scale of its panel's that begins at zero.

use super::role::Role;
use super::svg::{Body, HEAD, MARGIN, WIDTH, document, escaped, in_words};
use crate::report::{Figure, ScenarioReport};

const COLUMNS: usize = 2;
const GAP: f64 = 28.0;
const PANEL: f64 = (WIDTH - 2.0 * MARGIN - GAP) / 2.0;
/// Names of bars end here, from a panel's left; bars begin a little after it.
const NAMES: f64 = 84.0;
const BARS: f64 = NAMES + 8.0;
/// Kept free at the right of the longest bar, for its value.
const VALUES: f64 = 84.0;
const PANEL_HEAD: f64 = 28.0;
const BAR: f64 = 16.0;
const STEP: f64 = 22.0;
/// Of the text next to a bar.
const BASELINE: f64 = BAR / 2.0 + 4.0;
/// Below the bars, for the goal.
const FOOT: f64 = 20.0;

/// One server's value.
struct Bar<'a> {
    server: &'a str,
    value: f64,
}

/// The figures that something is set beside; `None` where there are none.
pub(super) fn draw(scenario: &ScenarioReport, conditions: &str) -> Option<String> {
    let is_drawn = |figure: &&Figure| {
        figure.floor.is_some() || !figure.peers.is_empty() || figure.goal.is_some()
    };
    let figures: Vec<_> = scenario.figures.iter().filter(is_drawn).collect();
    let mut body = Body::default();
    let mut top = HEAD;
    for row in figures.chunks(COLUMNS) {
        let mut left = MARGIN;
        let mut bottom = top;
        for figure in row {
            bottom = f64::max(bottom, panel(&mut body, figure, left, top));
            left += PANEL + GAP;
        }
        top = bottom + GAP;
    }
    let words: Vec<_> = std::iter::once(format!("{conditions}."))
        .chain(figures.iter().map(|figure| in_a_sentence(figure)))
        .collect();
    let title = format!("{}: {}", scenario.name, scenario.title);
    let height = top - GAP + MARGIN;
    (!figures.is_empty()).then(|| document(&title, conditions, &words.join(" "), height, &body))
}

fn bars(figure: &Figure) -> Vec<Bar<'_>> {
    let bar = |server, value| Bar { server, value };
    let floor = figure.floor.map(|floor| bar("floor", floor));
    let peers = figure.peers.iter().map(|(peer, value)| bar(peer, *value));
    std::iter::once(bar("hub", figure.ours))
        .chain(floor)
        .chain(peers)
        .collect()
}

fn in_a_sentence(figure: &Figure) -> String {
    let unit = figure.unit.symbol();
    let values: Vec<_> = bars(figure)
        .iter()
        .map(|bar| format!("{} {}", bar.server, in_words(bar.value, unit)))
        .collect();
    let goal = figure.goal.map(|goal| format!("; goal {}", goal.text()));
    format!(
        "{}: {}{}.",
        figure.name,
        values.join(", "),
        goal.unwrap_or_default()
    )
}

/// Draws a figure, and answers where it ends.
fn panel(body: &mut Body, figure: &Figure, left: f64, top: f64) -> f64 {
    let (bars, unit) = (bars(figure), figure.unit.symbol());
    let goal = figure.goal.and_then(|goal| goal.value(figure.floor));
    let longest = bars
        .iter()
        .map(|bar| bar.value)
        .chain(goal)
        .fold(0.0, f64::max);
    let scale = if longest > 0.0 {
        (PANEL - BARS - VALUES) / longest
    } else {
        0.0
    };
    body.push(format_args!(
        "<text class=\"panel\" x=\"{left}\" y=\"{:.1}\">{}</text>",
        top + 14.0,
        escaped(&figure.name)
    ));
    let zero = left + BARS;
    let (from, to) = (
        top + PANEL_HEAD - 4.0,
        top + PANEL_HEAD + STEP * length(&bars) - STEP + BAR + 4.0,
    );
    let mut y = top + PANEL_HEAD;
    for bar in &bars {
        body.push(format_args!(
            "<text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>\
             <rect class=\"{}\" x=\"{zero}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{BAR}\" rx=\"2\"/>",
            left + NAMES,
            y + BASELINE,
            escaped(bar.server),
            Role::of(bar.server).class(),
            width(bar, scale),
        ));
        y += STEP;
    }
    body.push(format_args!(
        "<line class=\"base\" x1=\"{zero}\" y1=\"{from:.1}\" x2=\"{zero}\" y2=\"{to:.1}\"/>"
    ));
    let mut bottom = to - 4.0;
    if let (Some(at), Some(goal)) = (goal, figure.goal) {
        let x = zero + at * scale;
        body.push(format_args!(
            "<line class=\"goal\" x1=\"{x:.1}\" y1=\"{from:.1}\" x2=\"{x:.1}\" y2=\"{to:.1}\"/>\
             <text class=\"faint middle\" x=\"{x:.1}\" y=\"{:.1}\">goal {}</text>",
            to + 12.0,
            escaped(&goal.text())
        ));
        bottom += FOOT;
    }
    // Above the goal's line, which may run through them.
    let mut y = top + PANEL_HEAD;
    for bar in &bars {
        body.push(format_args!(
            "<text class=\"value\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            zero + width(bar, scale) + 6.0,
            y + BASELINE,
            in_words(bar.value, unit),
        ));
        y += STEP;
    }
    bottom
}

/// Of a bar on paper: also of nothing something is seen.
fn width(bar: &Bar<'_>, scale: f64) -> f64 {
    (bar.value * scale).max(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "a handful of bars")]
fn length(bars: &[Bar<'_>]) -> f64 {
    bars.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Goal, Unit};

    fn scenario(figures: Vec<Figure>) -> String {
        let mut scenario = ScenarioReport::new("fanout", "to sockets");
        scenario.figures = figures;
        draw(&scenario, "a machine").unwrap()
    }

    fn figure(ours: f64) -> Figure {
        Figure::new("cpu", "CPU a delivery", Unit::Micros, ours)
    }

    /// Class and width of every bar, in order.
    fn drawn(svg: &str) -> Vec<(String, f64)> {
        let bars = svg.split("<rect class=\"").skip(2);
        bars.map(|rect| {
            let (class, rest) = rect.split_once('"').unwrap();
            let width = rest
                .split_once(" width=\"")
                .unwrap()
                .1
                .split('"')
                .next()
                .unwrap();
            (class.to_owned(), width.parse().unwrap())
        })
        .collect()
    }

    #[test]
    fn bars_are_as_long_as_their_values_are_large() {
        let mut figure = figure(9.0).beside(4.5);
        figure.peers.insert("nats".to_owned(), 18.0);
        let bars = drawn(&scenario(vec![figure]));
        let classes: Vec<_> = bars.iter().map(|(class, _)| class.as_str()).collect();
        assert_eq!(classes, ["hub", "floor", "peer"]);
        let [hub, floor, peer] = [bars[0].1, bars[1].1, bars[2].1];
        assert!(
            (hub - 2.0 * floor).abs() < 0.2 && (peer - 2.0 * hub).abs() < 0.2,
            "{bars:?}"
        );
        assert!(BARS + peer + VALUES <= PANEL + 0.1, "no room for the value");
    }

    #[test]
    fn nothing_measured_still_is_a_chart() {
        let svg = scenario(vec![figure(0.0).beside(0.0)]);
        assert_eq!(
            drawn(&svg),
            [("hub".to_owned(), 1.0), ("floor".to_owned(), 1.0)]
        );
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    #[test]
    fn it_says_in_words_what_it_shows() {
        let mut figure = figure(8.984).beside(6.5).goal(Goal::AtMostTimesFloor(1.15));
        figure.peers.insert("<edge>".to_owned(), 113.4);
        let svg = scenario(vec![figure]);
        assert!(
            svg.contains(
                "CPU a delivery: hub 8.98 µs, floor 6.50 µs, &lt;edge&gt; 113 µs; goal ≤ 1.15 × floor.</desc>"
            ),
            "{svg}"
        );
        assert!(!svg.contains("<edge>"));
    }

    #[test]
    fn a_goal_is_a_line_where_it_would_be_met() {
        let svg = scenario(vec![
            figure(20.0).beside(10.0).goal(Goal::AtMostTimesFloor(1.5)),
        ]);
        let goal = svg.split_once("class=\"goal\" x1=\"").unwrap().1;
        let x: f64 = goal.split('"').next().unwrap().parse().unwrap();
        let hub = drawn(&svg)[0].1;
        assert!((x - (MARGIN + BARS + hub * 0.75)).abs() < 0.2, "{x}");
    }

    #[test]
    fn what_nothing_is_set_beside_is_left_out() {
        let svg = scenario(vec![figure(1.0), figure(2.0).beside(1.0)]);
        assert_eq!(svg.matches("class=\"panel\"").count(), 1);
    }
}
