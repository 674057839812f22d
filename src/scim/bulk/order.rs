//! The order in which the operations of a request can be done.
//!
//! Operations run in the order of the request, except that what an operation refers to is created
//! first. Where references go in a circle, the resource that would have to be there already is
//! created without the reference, which is added as soon as there is something to refer to
//! (RFC 7644 §3.7.1 asks for this).

use std::collections::HashMap;

use super::{Action, Operation, references};

/// A step of a bulk request; operations are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Do an operation, leaving out what refers to these names.
    Run {
        /// Which one.
        operation: usize,
        /// The names, none for most operations.
        without: Vec<String>,
    },
    /// Add what had to be left out.
    Complete {
        /// The operation that created the resource.
        operation: usize,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    /// Waits for what it refers to.
    Open,
    Done,
}

/// A walk over the references, depth first. On a stack of its own: chains may be as long as the
/// request.
struct Walk<'a> {
    /// What each operation refers to: name and operation.
    references: Vec<Vec<(&'a str, usize)>>,
    marks: Vec<Mark>,
    without: Vec<Vec<String>>,
    /// How many references each operation still has to be completed with.
    missing: Vec<usize>,
    /// Operations that are to be completed when this one is done.
    waiting: Vec<Vec<usize>>,
    steps: Vec<Step>,
}

/// The steps that do all the operations. References to names that no POST has are passed over;
/// whoever runs the operation finds them unresolved.
pub fn order(operations: &[Operation]) -> Vec<Step> {
    let mut walk = Walk::new(operations);
    for root in 0..operations.len() {
        walk.from(root);
    }
    walk.steps
}

impl<'a> Walk<'a> {
    fn new(operations: &'a [Operation]) -> Self {
        let creators = creators(operations);
        let count = operations.len();
        let references = operations
            .iter()
            .map(|operation| {
                let names = operation.action.iter().flat_map(references);
                names
                    .filter_map(|name| Some((name, *creators.get(name)?)))
                    .collect()
            })
            .collect();
        Self {
            references,
            marks: vec![Mark::New; count],
            without: vec![Vec::new(); count],
            missing: vec![0; count],
            waiting: vec![Vec::new(); count],
            steps: Vec::with_capacity(count),
        }
    }

    fn from(&mut self, root: usize) {
        if self.mark(root) != Mark::New {
            return;
        }
        self.set(root, Mark::Open);
        let mut stack = vec![(root, 0)];
        while let Some((operation, position)) = stack.last_mut() {
            let operation = *operation;
            let Some((name, referred)) = self.reference(operation, *position) else {
                stack.pop();
                self.finish(operation);
                continue;
            };
            *position += 1;
            match self.mark(referred) {
                Mark::New => {
                    self.set(referred, Mark::Open);
                    stack.push((referred, 0));
                }
                Mark::Open => self.leave_out(operation, name, referred),
                Mark::Done => {}
            }
        }
    }

    /// A circle: the operation has to be done without this reference.
    fn leave_out(&mut self, operation: usize, name: &str, referred: usize) {
        if let Some(without) = self.without.get_mut(operation) {
            without.push(name.to_owned());
        }
        if let Some(missing) = self.missing.get_mut(operation) {
            *missing += 1;
        }
        if let Some(waiting) = self.waiting.get_mut(referred) {
            waiting.push(operation);
        }
    }

    fn finish(&mut self, operation: usize) {
        self.set(operation, Mark::Done);
        let without = self.without.get_mut(operation).map(std::mem::take);
        self.steps.push(Step::Run {
            operation,
            without: without.unwrap_or_default(),
        });
        let waiting = self.waiting.get_mut(operation).map(std::mem::take);
        for waiting in waiting.unwrap_or_default() {
            if let Some(missing) = self.missing.get_mut(waiting) {
                *missing -= 1;
                if *missing == 0 {
                    self.steps.push(Step::Complete { operation: waiting });
                }
            }
        }
    }

    fn reference(&self, operation: usize, position: usize) -> Option<(&'a str, usize)> {
        self.references.get(operation)?.get(position).copied()
    }

    fn mark(&self, operation: usize) -> Mark {
        self.marks.get(operation).copied().unwrap_or(Mark::Done)
    }

    fn set(&mut self, operation: usize, mark: Mark) {
        if let Some(slot) = self.marks.get_mut(operation) {
            *slot = mark;
        }
    }
}

/// Which operation creates the resource of each name.
fn creators(operations: &[Operation]) -> HashMap<&str, usize> {
    operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| matches!(operation.action, Ok(Action::Create { .. })))
        .filter_map(|(position, operation)| Some((operation.bulk_id.as_deref()?, position)))
        .collect()
}
