//! Numeric ids of the operating system: which are taken, and which comes next.

use std::collections::BTreeMap;

/// Taken numbers. CORE lets two accounts have the same one, so each is counted.
#[derive(Debug)]
pub(super) struct NumberPool {
    taken: BTreeMap<i64, u32>,
    /// No free number at or above `first` is below this one.
    lowest: i64,
    first: i64,
}

impl NumberPool {
    pub(super) fn starting_at(first: i64) -> Self {
        Self {
            taken: BTreeMap::new(),
            lowest: first,
            first,
        }
    }

    pub(super) fn is_taken(&self, number: i64) -> bool {
        self.taken.contains_key(&number)
    }

    pub(super) fn take(&mut self, number: i64) {
        *self.taken.entry(number).or_default() += 1;
    }

    pub(super) fn release(&mut self, number: i64) {
        if let Some(count) = self.taken.get_mut(&number) {
            *count -= 1;
            if *count == 0 {
                self.taken.remove(&number);
                if number >= self.first {
                    self.lowest = self.lowest.min(number);
                }
            }
        }
    }

    /// The lowest free gap.
    pub(super) fn next(&mut self) -> i64 {
        while self.is_taken(self.lowest) {
            self.lowest += 1;
        }
        self.lowest
    }
}

#[cfg(test)]
mod tests {
    use super::NumberPool;

    #[test]
    fn a_released_number_is_the_next_one() {
        let mut pool = NumberPool::starting_at(3000);
        for _ in 0..3 {
            let next = pool.next();
            pool.take(next);
        }
        assert_eq!(pool.next(), 3003);
        pool.release(3001);
        assert_eq!(pool.next(), 3001);
    }

    #[test]
    fn a_number_taken_twice_is_free_after_two_releases() {
        let mut pool = NumberPool::starting_at(1000);
        pool.take(1000);
        pool.take(1000);
        pool.release(1000);
        assert_eq!(pool.next(), 1001);
        pool.release(1000);
        assert_eq!(pool.next(), 1000);
    }
}
