//! The question how arms differ from the control.

use super::{
    answer::{ArmAnswer, ComparisonAnswer, Evidence},
    arms::{Metric, NamedArm},
    caution::Caution,
    fields::Fields,
};
use crate::{Alpha, Bounds, Effect, Posterior, Prior, Result, Sequence, Side, Test, welch};

const METRICS: [(&str, Metric); 5] = [
    ("mean", Metric::Mean),
    ("proportion", Metric::Proportion),
    ("ratio", Metric::Ratio),
    ("adjusted", Metric::Adjusted),
    ("quantile", Metric::Quantile),
];

const SIDES: [(&str, Side); 3] = [
    ("two", Side::Two),
    ("greater", Side::Greater),
    ("less", Side::Less),
];

#[derive(Clone, Copy)]
enum Method {
    Fixed,
    Sequential(Sequence),
    Bayesian(Option<Prior>),
}

pub(super) fn answer(mut fields: Fields<'_>) -> Result<ComparisonAnswer> {
    let metric = fields.choice("metric", &METRICS, None)?;
    let is_relative = fields.choice(
        "difference",
        &[("relative", true), ("absolute", false)],
        Some(true),
    )?;
    let side = fields.choice("side", &SIDES, Some(Side::Two))?;
    let alpha = alpha(&mut fields)?;
    let method = method(&mut fields, alpha, side)?;
    let arms = arms(&mut fields, metric)?;
    fields.finish()?;

    let mut cautions = Vec::new();
    if metric == Metric::Quantile && matches!(method, Method::Sequential(_)) {
        cautions.push(Caution::OneLookOnly);
    }
    let (control, treatments) = (&arms[0], &arms[1..]);
    let answers = treatments
        .iter()
        .map(|treatment| {
            let effect = control.effect(treatment, is_relative, &mut cautions);
            judge(&treatment.name, effect.as_ref(), method, alpha, side)
        })
        .collect();
    Ok(ComparisonAnswer::new(answers, &cautions))
}

fn judge(
    name: &str,
    effect: Option<&Effect>,
    method: Method,
    alpha: Alpha,
    side: Side,
) -> ArmAnswer {
    let (estimate, standard_error) = effect.map_or((None, None), |effect| {
        (Some(effect.estimate), effect.standard_error)
    });
    let test = |look: &dyn Fn(&Effect) -> Test| {
        let Test { bounds, p_value } = effect.map_or(Test::UNINFORMATIVE, look);
        let evidence = Evidence::Frequentist { p_value };
        ArmAnswer::new(name, estimate, standard_error, bounds, evidence)
    };
    match method {
        Method::Fixed => test(&|effect| welch(effect, alpha, side)),
        Method::Sequential(sequence) => test(&|effect| sequence.look(effect)),
        Method::Bayesian(prior) => effect
            .and_then(|effect| Posterior::new(effect, prior))
            .map_or_else(
                || {
                    let evidence = Evidence::Bayesian {
                        chance_to_win: 0.5,
                        risk: None,
                    };
                    ArmAnswer::new(name, estimate, standard_error, Bounds::UNBOUNDED, evidence)
                },
                |posterior| believe(name, &posterior, alpha, side),
            ),
    }
}

fn believe(name: &str, posterior: &Posterior, alpha: Alpha, side: Side) -> ArmAnswer {
    let evidence = Evidence::Bayesian {
        chance_to_win: posterior.chance_to_win(side),
        risk: Some(posterior.expected_loss(side)),
    };
    ArmAnswer::new(
        name,
        Some(posterior.mean),
        Some(posterior.deviation),
        posterior.credible_interval(alpha),
        evidence,
    )
}

fn alpha(fields: &mut Fields<'_>) -> Result<Alpha> {
    match fields.optional_number("alpha")? {
        None => Ok(Alpha::FIVE_PERCENT),
        Some(rate) => Alpha::new(rate).map_err(|_| {
            fields.wrong(
                "alpha",
                &format!("must be above 0 and below 0.5, not {rate}"),
            )
        }),
    }
}

fn method(fields: &mut Fields<'_>, alpha: Alpha, side: Side) -> Result<Method> {
    #[derive(Clone, Copy)]
    enum Kind {
        Fixed,
        Sequential,
        Bayesian,
    }
    let kinds = [
        ("sequential", Kind::Sequential),
        ("fixed", Kind::Fixed),
        ("bayesian", Kind::Bayesian),
    ];
    let kind = fields.choice("method", &kinds, Some(Kind::Sequential))?;
    // Both may be there for every method, so that one question can be asked of several.
    let planned_units = fields.optional_count("plannedUnits")?;
    let prior = prior(fields)?;
    Ok(match kind {
        Kind::Fixed => Method::Fixed,
        Kind::Bayesian => Method::Bayesian(prior),
        Kind::Sequential => {
            let Some(planned_units) = planned_units else {
                return Err(fields.wrong("plannedUnits", "is missing; a sequential test needs it"));
            };
            let sequence = Sequence::new(alpha, side, planned_units)
                .map_err(|_| fields.wrong("plannedUnits", "must be above 0"))?;
            Method::Sequential(sequence)
        }
    })
}

fn prior(fields: &mut Fields<'_>) -> Result<Option<Prior>> {
    let path = fields.full("prior");
    let Some(value) = fields.optional("prior") else {
        return Ok(None);
    };
    let mut parts = Fields::of(value, &path)?;
    let is_proper = parts.flag("proper", true)?;
    let mean = parts.optional_number("mean")?.unwrap_or(0.0);
    let variance = parts.optional_number("variance")?;
    if !is_proper {
        parts.finish()?;
        return Ok(None);
    }
    let Some(variance) = variance else {
        return Err(parts.wrong("variance", "is missing"));
    };
    let prior = Prior::new(mean, variance)
        .map_err(|_| parts.wrong("variance", &format!("must be above 0, not {variance}")))?;
    parts.finish()?;
    Ok(Some(prior))
}

fn arms(fields: &mut Fields<'_>, metric: Metric) -> Result<Vec<NamedArm>> {
    let path = fields.full("arms");
    let arms: Vec<NamedArm> = fields
        .list("arms")?
        .iter()
        .enumerate()
        .map(|(index, arm)| NamedArm::read(arm, &format!("{path}[{index}]"), metric))
        .collect::<Result<_>>()?;
    if arms.len() < 2 {
        return Err(fields.wrong("arms", "must hold the control and at least one more arm"));
    }
    for (index, arm) in arms.iter().enumerate() {
        if arms[..index].iter().any(|other| other.name == arm.name) {
            return Err(fields.wrong(
                &format!("arms[{index}].name"),
                &format!("must be unique, and {:?} is not", arm.name),
            ));
        }
        if arm.level() != arms[0].level() {
            return Err(fields.wrong(
                &format!("arms[{index}].quantile"),
                "must be the same in every arm",
            ));
        }
    }
    Ok(arms)
}
