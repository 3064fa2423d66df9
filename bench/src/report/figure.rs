//! One figure of a report: ours, the floor's, the peers', and what it ought to be.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Unit {
    /// Nanoseconds.
    #[serde(rename = "ns")]
    Nanos,
    /// Microseconds.
    #[serde(rename = "µs")]
    Micros,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// Thousands of bytes.
    #[serde(rename = "KB")]
    Kilobytes,
    /// Bytes.
    #[serde(rename = "B")]
    Bytes,
    /// Something in a second.
    #[serde(rename = "/s")]
    PerSecond,
    /// Microseconds in a second.
    #[serde(rename = "µs/s")]
    MicrosPerSecond,
    /// Hundredths.
    #[serde(rename = "%")]
    Percent,
    /// A multiple of another figure.
    #[serde(rename = "×")]
    Times,
    /// Things.
    #[serde(rename = "")]
    Count,
}

impl Unit {
    /// As it is written behind a number.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Nanos => "ns",
            Self::Micros => "µs",
            Self::Millis => "ms",
            Self::Kilobytes => "KB",
            Self::Bytes => "B",
            Self::PerSecond => "/s",
            Self::MicrosPerSecond => "µs/s",
            Self::Percent => "%",
            Self::Times => "×",
            Self::Count => "",
        }
    }
}

/// What a figure ought to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Goal {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// No more than this times the floor's.
    AtMostTimesFloor(f64),
    /// No less than the first, or than the floor's divided by the second.
    FloorOverOrAtLeast(f64, f64),
}

impl Goal {
    /// Whether `ours` is as it ought to be; unknown without the floor that it is measured by.
    fn is_met(self, ours: f64, floor: Option<f64>) -> Option<bool> {
        match self {
            Self::AtMost(most) => Some(ours <= most),
            Self::AtLeast(least) => Some(ours >= least),
            Self::AtMostTimesFloor(times) => floor.map(|floor| ours <= floor * times),
            Self::FloorOverOrAtLeast(least, times) => {
                Some(ours >= least || floor.is_some_and(|floor| ours >= floor / times))
            }
        }
    }

    /// The value that would just do; unknown without the floor that it is measured by.
    pub(crate) fn value(self, floor: Option<f64>) -> Option<f64> {
        match self {
            Self::AtMost(value) | Self::AtLeast(value) => Some(value),
            Self::AtMostTimesFloor(times) => floor.map(|floor| floor * times),
            Self::FloorOverOrAtLeast(least, times) => {
                Some(floor.map_or(least, |floor| least.min(floor / times)))
            }
        }
    }

    /// For people.
    pub(crate) fn text(self) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {most}"),
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::AtMostTimesFloor(times) => format!("≤ {times} × floor"),
            Self::FloorOverOrAtLeast(least, times) => format!("≥ {least} or floor ÷ {times}"),
        }
    }
}

/// One figure.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Its name in JSON, which stays the same from one commit to the next.
    pub(crate) id: &'static str,
    /// Its name for people.
    pub(crate) name: String,
    /// What it counts.
    pub(crate) unit: Unit,
    /// The hub's.
    pub(crate) ours: f64,
    /// The floor's, in the same run.
    pub(crate) floor: Option<f64>,
    /// Those of other servers, by name.
    pub(crate) peers: BTreeMap<String, f64>,
    /// What it ought to be.
    pub(crate) goal: Option<Goal>,
}

impl Figure {
    /// A figure of the hub alone.
    pub(crate) fn new(id: &'static str, name: impl Into<String>, unit: Unit, ours: f64) -> Self {
        Self {
            id,
            name: name.into(),
            unit,
            ours,
            floor: None,
            peers: BTreeMap::new(),
            goal: None,
        }
    }

    /// Sets the floor's next to it.
    pub(crate) fn beside(mut self, floor: f64) -> Self {
        self.floor = Some(floor);
        self
    }

    /// Says what it ought to be.
    pub(crate) fn goal(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    /// How many times the floor's it is.
    pub(crate) fn ratio(&self) -> Option<f64> {
        self.floor
            .filter(|floor| *floor > 0.0)
            .map(|floor| self.ours / floor)
    }

    /// Whether it is as it ought to be; `None` where nothing is said of that.
    pub(crate) fn is_met(&self) -> Option<bool> {
        self.goal?.is_met(self.ours, self.floor)
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Figure", 9)?;
        fields.serialize_field("id", self.id)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("unit", &self.unit)?;
        fields.serialize_field("ours", &self.ours)?;
        fields.serialize_field("floor", &self.floor)?;
        fields.serialize_field("ratio", &self.ratio())?;
        fields.serialize_field("peers", &self.peers)?;
        fields.serialize_field("goal", &self.goal)?;
        fields.serialize_field("met", &self.is_met())?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(ours: f64) -> Figure {
        Figure::new("f", "figure", Unit::Micros, ours)
    }

    #[test]
    fn a_goal_by_the_floor_is_met_by_the_ratio() {
        let goal = Goal::AtMostTimesFloor(1.2);
        assert_eq!(figure(11.9).beside(10.0).goal(goal).is_met(), Some(true));
        assert_eq!(figure(12.1).beside(10.0).goal(goal).is_met(), Some(false));
        assert_eq!(figure(12.1).goal(goal).is_met(), None, "there is no floor");
        assert_eq!(figure(12.1).beside(10.0).is_met(), None, "there is no goal");
    }

    #[test]
    fn a_rate_may_reach_either_of_two() {
        let goal = Goal::FloorOverOrAtLeast(5_000.0, 1.5);
        assert_eq!(
            figure(5_001.0).beside(9_000.0).goal(goal).is_met(),
            Some(true)
        );
        assert_eq!(
            figure(4_000.0).beside(5_900.0).goal(goal).is_met(),
            Some(true)
        );
        assert_eq!(
            figure(4_000.0).beside(6_100.0).goal(goal).is_met(),
            Some(false)
        );
    }

    #[test]
    fn a_floor_of_nothing_has_no_ratio() {
        assert_eq!(figure(1.0).beside(0.0).ratio(), None);
        assert_eq!(figure(3.0).beside(2.0).ratio(), Some(1.5));
    }

    #[test]
    fn json_holds_what_follows_from_the_rest() {
        let figure = figure(3.0).beside(2.0).goal(Goal::AtMost(2.5));
        let json = serde_json::to_value(&figure).unwrap();
        assert_eq!(json["ratio"], 1.5);
        assert_eq!(json["met"], false);
        assert_eq!(json["unit"], "µs");
        assert_eq!(json["goal"], serde_json::json!({"atMost": 2.5}));
    }
}
