//! What went wrong and whose fault it is.

mod classify;
mod counted;
mod grants;
mod kind;
mod limit_kind;
mod lock;
mod one_line;
mod report;
mod trap;
mod words;

pub(crate) use classify::{
    Evidence, FuelCharged, HostFunctionFailed, LOAD, SCOPE, START, classify,
};
pub(crate) use counted::Counted;
pub use kind::{Blame, ErrorKind, Preference};
pub use limit_kind::LimitKind;
pub use report::{Frame, Report};
pub use trap::Trap;

use crate::grant_error::GrantError;
use one_line::one_line;
use plugin_host_manifest::PluginId;
use std::fmt;
use std::path::{Path, PathBuf};

/// Any error of the application's own.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong with a plugin, whose fault it is, and what to do.
///
/// Printed, it is one line that is safe to show: text of the plugin's own is
/// escaped. [`report`](Self::report) holds what else is known of a call that
/// failed.
///
/// What a plugin's interface itself calls an error never becomes one of these:
/// it is the inner `Result` of the call.
pub struct Error(Box<Inner>);

struct Inner {
    subject: Subject,
    kind: ErrorKind,
    report: Option<Report>,
}

/// What the error is about.
#[derive(Clone, Debug)]
enum Subject {
    Host,
    File(PathBuf),
    Plugin(PluginId),
    /// A policy, and the file where it comes from or goes to one.
    Policy(Option<PathBuf>),
}

impl Error {
    /// An error about no plugin in particular.
    pub(crate) fn host(kind: ErrorKind) -> Self {
        Self::new(Subject::Host, kind)
    }

    /// An error about a file or folder that did not become a plugin.
    pub(crate) fn file(path: &Path, kind: ErrorKind) -> Self {
        Self::new(Subject::File(path.to_owned()), kind)
    }

    /// An error about a plugin.
    pub(crate) fn plugin(id: &PluginId, kind: ErrorKind) -> Self {
        Self::new(Subject::Plugin(id.clone()), kind)
    }

    /// An error about a policy, in a file or not.
    pub(crate) fn policy(path: Option<&Path>, kind: ErrorKind) -> Self {
        Self::new(Subject::Policy(path.map(Path::to_owned)), kind)
    }

    /// An error that blames the application for what it does itself with a plugin, such
    /// as before or after a call.
    ///
    /// ```
    /// use plugin_host::{Blame, Error};
    ///
    /// let error = Error::application(&"pricing".parse()?, "the price is no number");
    /// assert_eq!(error.blame(), Blame::Application);
    /// assert!(error.to_string().starts_with("plugin `pricing`: "));
    /// # Ok::<(), plugin_host::PluginIdError>(())
    /// ```
    #[must_use]
    pub fn application(plugin: &PluginId, error: impl Into<BoxError>) -> Self {
        Self::plugin(plugin, ErrorKind::Application(error.into()))
    }

    pub(crate) fn with_report(mut self, report: Report) -> Self {
        self.0.report = Some(report);
        self
    }

    /// The same of a destructor that ran before `call`, which is not made.
    pub(crate) fn before_call(self, call: &str) -> Self {
        let Inner {
            subject,
            kind,
            report,
        } = *self.0;
        let kind = ErrorKind::BeforeCall {
            call: call.to_owned(),
            failure: Box::new(kind),
        };
        Self(Box::new(Inner {
            subject,
            kind,
            report,
        }))
    }

    fn new(subject: Subject, kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            subject,
            kind,
            report: None,
        }))
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Whose fault it is.
    #[must_use]
    pub fn blame(&self) -> Blame {
        self.0.kind.blame()
    }

    /// The plugin that it is about, where there is one.
    #[must_use]
    pub fn plugin_id(&self) -> Option<&PluginId> {
        match &self.0.subject {
            Subject::Plugin(id) => Some(id),
            _ => None,
        }
    }

    /// The file that it is about, where it did not become a plugin or a policy.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.0.subject {
            Subject::File(path) | Subject::Policy(Some(path)) => Some(path),
            _ => None,
        }
    }

    /// What is known of the call that failed, where one did.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        self.0.report.as_ref()
    }

    /// The application's own error, if what failed is a host function, the function that
    /// makes the state, an adapter or the application itself, with one of type `E`.
    #[must_use]
    pub fn application_error<E: std::error::Error + 'static>(&self) -> Option<&E> {
        self.0.kind.application_error()?.downcast_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.subject {
            Subject::Host => {}
            Subject::File(path) => {
                write!(
                    f,
                    "plugin file `{}`: ",
                    one_line(&path.display().to_string())
                )?;
            }
            Subject::Plugin(id) => write!(f, "plugin `{id}`: ")?,
            Subject::Policy(None) => f.write_str("policy: ")?,
            Subject::Policy(Some(path)) => {
                write!(
                    f,
                    "policy file `{}`: ",
                    one_line(&path.display().to_string())
                )?;
            }
        }
        write!(f, "{}", self.0.kind)
    }
}

/// The line, and the report where there is one: what `main` prints of an error
/// that it returns.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        if let Some(cause) = std::error::Error::source(self) {
            write!(f, ": {cause}")?;
        }
        if let Some(report) = self.report() {
            write!(f, "\n{report}")?;
        }
        Ok(())
    }
}

/// For a function that grants, and then loads with the grants.
impl From<GrantError> for Error {
    fn from(error: GrantError) -> Self {
        Self::host(ErrorKind::Grant(error))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let error: &(dyn std::error::Error + 'static) = self.0.kind.application_error()?;
        Some(error)
    }
}
