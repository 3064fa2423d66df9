//! The frame around every chart: page, title, conditions, style and words.

use std::fmt::{Arguments, Write as _};

use crate::report::thousands;

pub(super) const WIDTH: f64 = 760.0;
pub(super) const MARGIN: f64 = 24.0;
/// What is drawn begins below this.
pub(super) const HEAD: f64 = 84.0;

/// Colors of a light page, then those of a dark one; text reaches a contrast of 4.5, bars and lines one of 3.
const STYLE: &str = "\
svg{--page:#fff;--text:#1f2328;--faint:#59636e;--line:#d1d9e0;--hub:#0b6e4f;--floor:#7d8590;--peer:#4c78c9;\
font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}\
@media(prefers-color-scheme:dark){svg{--page:#0d1117;--text:#e6edf3;--faint:#9198a1;--line:#3d444d;\
--hub:#3fb98c;--floor:#7d8590;--peer:#79a6f2}}\
.page{fill:var(--page)}text{fill:var(--text);font-size:12px}.title{font-size:16px;font-weight:600}\
.panel{font-size:13px;font-weight:600}.faint{fill:var(--faint)}.end{text-anchor:end}.middle{text-anchor:middle}\
.value{paint-order:stroke;stroke:var(--page);stroke-width:4px}\
.base{stroke:var(--line)}.goal{stroke:var(--text);stroke-dasharray:3 3}\
rect.hub{fill:var(--hub)}rect.floor{fill:var(--floor)}rect.peer{fill:var(--peer)}\
path{fill:none;stroke-width:2}path.hub{stroke:var(--hub);stroke-width:3}\
path.floor{stroke:var(--floor);stroke-dasharray:7 4}path.peer{stroke:var(--peer)}\
.second{stroke-dasharray:2 3}.third{stroke-dasharray:10 3 2 3}";

/// Elements, one a line.
#[derive(Default)]
pub(super) struct Body(String);

impl Body {
    pub(super) fn push(&mut self, element: Arguments<'_>) {
        writeln!(self.0, "{element}").expect("a string takes whatever is written");
    }
}

/// A document of its own.
pub(super) fn document(
    title: &str,
    conditions: &str,
    words: &str,
    height: f64,
    body: &Body,
) -> String {
    let (title, conditions, words) = (escaped(title), escaped(conditions), escaped(words));
    let body = &body.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"desc\">{words}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text class=\"title\" x=\"{MARGIN}\" y=\"36\">{title}</text>\n\
         <text class=\"faint\" x=\"{MARGIN}\" y=\"58\">{conditions}</text>\n{body}</svg>\n"
    )
}

/// Text that is never markup.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Three significant digits and the unit.
pub(super) fn in_words(value: f64, unit: &str) -> String {
    let number = match value.abs() {
        large if large >= 1_000.0 => thousands(value),
        whole if whole.fract() == 0.0 || whole >= 100.0 => format!("{value:.0}"),
        middling if middling >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    format!("{number} {unit}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_says_in_words_what_it_shows() {
        let svg = document(
            "Fan-out <to> sockets",
            "a & \"b\"",
            "words",
            100.0,
            &Body::default(),
        );
        assert!(svg.contains("role=\"img\" aria-labelledby=\"title desc\""));
        assert!(svg.contains("<title id=\"title\">Fan-out &lt;to&gt; sockets</title>"));
        assert!(svg.contains("<desc id=\"desc\">words</desc>"));
        assert!(svg.contains("a &amp; &quot;b&quot;"));
    }

    #[test]
    fn a_dark_page_has_colours_of_its_own() {
        let (light, dark) = STYLE.split_once("prefers-color-scheme:dark").unwrap();
        for color in ["--page:", "--text:", "--hub:", "--floor:", "--peer:"] {
            assert!(light.contains(color) && dark.contains(color), "{color}");
        }
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!(in_words(8.984, "µs"), "8.98 µs");
        assert_eq!(in_words(21.83, "µs"), "21.8 µs");
        assert_eq!(in_words(113.4, "µs"), "113 µs");
        assert_eq!(in_words(205.0, ""), "205");
        assert_eq!(in_words(40_123.4, "/s"), "40,123 /s");
    }
}
