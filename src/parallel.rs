//! The same work on many things, on every core.
//!
//! In: things and what to do with one of them. Out: the results in the order of the things, whichever was done first:
//! how many cores there are changes how long a run takes, and nothing else. Threads of the standard library do it:
//! the work on a node is large enough that a pool that steals it would gain nothing.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// As much as a main thread has: parsers that are safe there are safe here.
const STACK: usize = 8 << 20;

/// How much small work is done before more of it is taken.
const BATCH: usize = 128;

/// Does the work on each of the things, and gives the results in their order.
///
/// # Panics
/// When the work does.
pub fn map<I, R>(things: I, work: impl Fn(I::Item) -> R + Sync) -> Vec<R>
where
    I: IntoIterator<IntoIter: ExactSizeIterator + Send>,
    R: Send,
{
    let things = things.into_iter();
    // How many cores there are is asked of several files, which takes longer than one small thing.
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    let threads = if things.len() > 1 { cores().min(things.len()) } else { 1 };
    map_on(threads, things, work)
}

/// The same for work so small that a thread is worth its start for some hundred things only.
///
/// # Panics
/// When the work does.
pub fn map_small<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let of_batch = |batch: &[T]| batch.iter().map(&work).collect::<Vec<R>>();
    map_batches(things, of_batch).into_iter().flatten().collect()
}

/// The same for work that is done on a batch of them at once.
///
/// # Panics
/// When the work does.
pub fn map_batches<T: Sync, R: Send>(things: &[T], work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    map(things.chunks(BATCH), work)
}

/// Does something on another core while the rest is done, and waits for both.
///
/// # Panics
/// When one of them does.
pub fn beside<R>(work: impl FnOnce() + Send, rest: impl FnOnce() -> R) -> R {
    thread::scope(|scope| {
        // A thread that cannot be had is done without.
        let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        rest()
    })
}

/// Does two things, on two cores where there are as many, and gives both results.
///
/// # Panics
/// When one of them does.
pub fn both<R: Send>(one: impl Fn() -> R + Sync, other: impl Fn() -> R + Sync) -> (R, R) {
    let mut first = None;
    let second = beside(|| first = Some(one()), &other);
    (first.unwrap_or_else(&one), second)
}

fn map_on<T, R: Send>(
    threads: usize,
    things: impl Iterator<Item = T> + Send,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    // Whoever is free takes the next: things differ in size, and shares made beforehand would end apart.
    let things = Mutex::new(things.enumerate());
    let next = || things.lock().unwrap_or_else(PoisonError::into_inner).next();
    let take = || {
        let mut done = Vec::new();
        while let Some((index, thing)) = next() {
            done.push((index, work(thing)));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take).ok();
        // A thread that cannot be had is done without: this one does the work all the same.
        let others: Vec<_> = (1..threads).filter_map(spawn).collect();
        let mut done = take();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_things() {
        let things: Vec<usize> = (0..500).collect();
        let slow_first = |thing: &usize| {
            if *thing == 0 {
                thread::sleep(std::time::Duration::from_millis(20));
            }
            thing * 2
        };
        let doubled: Vec<usize> = things.iter().map(|thing| thing * 2).collect();
        for threads in [0, 1, 2, 7] {
            assert_eq!(map_on(threads, things.iter(), slow_first), doubled, "{threads} threads");
        }
        assert_eq!(map([] as [usize; 0], |_| ()), []);
        assert_eq!(map_small(&things, |thing| thing * 2), doubled);
    }

    #[test]
    fn what_is_done_beside_the_rest_is_done_in_the_end() {
        let done = std::sync::atomic::AtomicBool::new(false);
        let mark = || done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(beside(mark, || 1), 1);
        assert!(done.into_inner());
    }

    #[test]
    fn a_panic_is_passed_on() {
        let result = std::panic::catch_unwind(|| map_on(3, 1..4, |thing| assert_ne!(thing, 2)));
        assert!(result.is_err());
    }
}
