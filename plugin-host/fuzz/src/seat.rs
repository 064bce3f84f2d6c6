//! A place for one plugin, beside what it should be. Makes calls, and compares.

use crate::application::{
    Application, FUEL, HOST_CALLS, MEMORY, Mood, OUTPUT, SequenceGuest, Setup,
};
use crate::call::{Call, Outcome};
use crate::checks;
use crate::model::{Model, check_start};
use plugin_host::{Blame, Error, ErrorKind, Plugin, Usage};

/// One plugin, and what it should be.
#[derive(Debug)]
pub struct Seat {
    plugin: Plugin<SequenceGuest<Application>>,
    setup: Setup,
    /// The instance that the next call goes to, where there is one.
    instance: Option<Model>,
    total: Usage,
}

impl Seat {
    /// Loads a guest, which may fail to start.
    #[must_use]
    pub fn load(setup: Setup, mood: Mood) -> Option<Self> {
        let mut loaded = None;
        let outcome = Outcome::of(|| {
            loaded = Some(setup.prepared().start()?);
            Ok(Outcome::Nothing)
        });
        let Some(plugin) = loaded else {
            check_start(mood, setup, &outcome);
            printable(&outcome);
            return None;
        };
        assert_eq!(mood, Mood::Good, "{plugin:?} of {setup:?}");
        let total = Plugin::total_usage(&plugin);
        assert_eq!(total.calls, 0);
        Some(Self {
            plugin,
            setup,
            instance: Some(Model::started(setup)),
            total,
        })
    }

    /// Makes one call under a budget of its own.
    pub fn call(&mut self, call: &Call, mood: Mood) {
        let outcome = call.make(&mut self.plugin);
        printable(&outcome);
        let Some(mut instance) = self.begun(mood, &outcome) else {
            return;
        };
        instance.check(call, &outcome);
        if matches!(outcome, Outcome::Panicked) {
            // Nothing was written down of it.
            assert_eq!(Plugin::total_usage(&self.plugin), self.total);
            return;
        }
        self.counted(&instance);
        if let Outcome::Failed(error) = &outcome {
            let report = error.report().expect("a call that fails has a report");
            assert_eq!(report.usage, Plugin::last_usage(&self.plugin));
            assert_eq!(report.limits, self.setup.limits());
        }
        if outcome.is_answer() && !self.setup.one_call {
            self.instance = Some(instance);
        }
    }

    /// Makes several calls under one budget.
    pub fn calls(&mut self, calls: &[Call], mood: Mood) {
        let mut outcomes = Vec::new();
        let begun = Outcome::of(|| {
            outcomes = Plugin::under_one_budget(&mut self.plugin, |guest| {
                calls.iter().map(|call| call.make(guest)).collect()
            })?;
            Ok(Outcome::Nothing)
        });
        printable(&begun);
        let Some(mut instance) = self.begun(mood, &begun) else {
            assert!(outcomes.is_empty());
            return;
        };
        let mut failed = false;
        for (call, outcome) in calls.iter().zip(&outcomes) {
            printable(outcome);
            if failed {
                not_called(outcome);
            } else {
                instance.check(call, outcome);
                failed = !outcome.is_answer();
            }
        }
        self.counted(&instance);
        if !failed && !self.setup.one_call {
            self.instance = Some(instance);
        }
    }

    /// Asks for the application's state, for which an instance is needed.
    pub fn state(&mut self, mood: Mood) {
        let outcome = Outcome::of(|| Plugin::state(&mut self.plugin).map(|_| Outcome::Nothing));
        printable(&outcome);
        self.instance = self.begun(mood, &outcome);
        assert_eq!(Plugin::total_usage(&self.plugin), self.total);
    }

    /// The instance that a call went to, if it did: a fresh one, where there was
    /// none, starts in the mood.
    fn begun(&mut self, mood: Mood, outcome: &Outcome) -> Option<Model> {
        if self.instance.is_none() {
            if mood != Mood::Good {
                check_start(mood, self.setup, outcome);
                assert_eq!(Plugin::total_usage(&self.plugin), self.total);
                return None;
            }
            // Even a good start may be too slow for a short deadline.
            if let Outcome::Failed(error) = outcome
                && error.report().is_some_and(|report| report.call == "start")
            {
                assert!(!self.setup.metered, "{error:?}");
                return None;
            }
        }
        let setup = self.setup;
        let instance = self.instance.take();
        let mut instance = instance.unwrap_or_else(|| Model::started(setup));
        instance.arm();
        Some(instance)
    }

    /// One more call was written down, as it was.
    fn counted(&mut self, instance: &Model) {
        let last = Plugin::last_usage(&self.plugin);
        let total = Plugin::total_usage(&self.plugin);
        assert_eq!(last.calls, 1);
        assert_eq!(total.calls, self.total.calls + 1);
        assert_eq!(last.fuel.is_some(), self.setup.metered);
        assert!(last.fuel.is_none_or(|fuel| fuel <= FUEL), "{last:?}");
        let sum = |before: Option<u64>, now: Option<u64>| Some(before? + now?);
        assert_eq!(total.fuel, sum(self.total.fuel, last.fuel));
        assert_eq!(last.peak_memory, instance.peak_memory(), "{instance:?}");
        assert!(last.peak_memory <= MEMORY);
        assert_eq!(
            total.peak_memory,
            self.total.peak_memory.max(last.peak_memory)
        );
        match instance.host_calls() {
            Some(calls) => assert_eq!(last.host_calls, calls, "{instance:?}"),
            None => assert!(last.host_calls <= HOST_CALLS, "{last:?}"),
        }
        assert_eq!(total.host_calls, self.total.host_calls + last.host_calls);
        assert_eq!((last.wall_time, total.wall_time), (None, None));
        self.total = total;
        self.output();
    }

    fn output(&self) {
        let output = Plugin::output(&self.plugin);
        let kept: usize = output.log.iter().map(|record| record.message.len()).sum();
        assert!(kept as u64 <= OUTPUT, "{output:?}");
        assert!(output.log.iter().all(|record| record.message == "said"));
    }
}

fn printable(outcome: &Outcome) {
    if let Outcome::Failed(error) = outcome {
        checks::error(error);
        assert_eq!(error.plugin_id().map(|id| id.as_str()), Some("guest"));
        let blamed = error.blame();
        let expected = match error.kind() {
            ErrorKind::State(_) | ErrorKind::HostFunction(_) => Blame::Application,
            ErrorKind::InstanceFailed { .. } => Blame::Application,
            _ => Blame::Plugin,
        };
        assert_eq!(blamed, expected, "{error:?}");
    }
}

fn not_called(outcome: &Outcome) {
    let kind = |error: &Error| matches!(error.kind(), ErrorKind::InstanceFailed { .. });
    assert!(
        matches!(outcome, Outcome::Failed(error) if kind(error)),
        "{outcome:?}"
    );
}
