//! Which steps a version may take: the one table of stages.

use shelfiq_store::model_versions::ModelStage;

/// Why a version changes its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Somebody, or a rule, lets it come further.
    Promote,
    /// It is taken back, by somebody or by a rule.
    RollBack,
}

/// Whether a version may go from one stage to the other by a step of this kind.
///
/// Forward: a candidate is tried in shadow, then on a share of the Skus, then serves; stages may be skipped. Back: a trial
/// ends as a candidate; what served is archived, and what it replaced serves again.
pub(crate) const fn is_legal(from: ModelStage, to: ModelStage, step: Step) -> bool {
    use ModelStage::{Archived, Canary, Candidate, Production, Shadow};
    match step {
        Step::Promote => matches!(
            (from, to),
            (Candidate | Archived, Shadow | Canary | Production) | (Shadow, Canary | Production) | (Canary, Production)
        ),
        Step::RollBack => {
            matches!((from, to), (Shadow | Canary, Candidate) | (Production, Archived) | (Archived, Production))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_forward_has_its_way_back_and_nothing_else_is_legal() {
        let mut table = String::new();
        for step in [Step::Promote, Step::RollBack] {
            for from in ModelStage::ALL {
                let to: Vec<&str> =
                    ModelStage::ALL.iter().filter(|to| is_legal(*from, **to, step)).map(|to| to.as_str()).collect();
                table.push_str(&format!("{step:?} {from}: {}\n", to.join(" ")));
            }
        }
        assert_eq!(
            table,
            "Promote candidate: shadow canary production\nPromote shadow: canary production\nPromote canary: production\n\
             Promote production: \nPromote archived: shadow canary production\nRollBack candidate: \n\
             RollBack shadow: candidate\nRollBack canary: candidate\nRollBack production: archived\nRollBack archived: production\n"
        );
    }
}
