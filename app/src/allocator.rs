//! What the memory allocator is told, so that what was freed goes back to the system.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
#[cfg(all(target_os = "linux", target_env = "gnu"))]
use std::time::Duration;

/// From this size on, in bytes, a block is mapped by itself and unmapped when it is freed. Pictures are larger, rows of
/// text and of pixels are smaller.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAPPED: i32 = 256 * 1024;

/// Has large blocks mapped by themselves, whatever was freed before.
///
/// glibc raises that size to that of any mapped block that is freed, up to 32 MiB, and from then on cuts such blocks out
/// of its heaps, of which every thread may have another. After a flood of pictures those were several times as large as
/// all that was in use, and only their ends ever go back. A size that is set stays (mallopt(3), `M_MMAP_THRESHOLD`).
pub fn settle() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: mallopt takes two numbers and locks what it changes.
    #[expect(unsafe_code, reason = "the allocator has no other way to be told")]
    let settled = unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED) };
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if settled != 1 {
        log::warn!("the allocator keeps its own way with large blocks");
    }
}

/// Work after which it is worth looking for memory to give back: what a terminal shows within a few seconds of a flood, or
/// one change of its size.
pub const MUCH: u32 = 128;

/// For so long nothing must be noted before memory is given back.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const QUIET: Duration = Duration::from_millis(250);

/// Notes that something allocated and freed: a terminal that got output counts as 1. After [`MUCH`] of it, and once it is
/// quiet again, what is free is given back to the system.
///
/// glibc gives back the end of a heap and nothing from between, and the lines of a scrollback lie between all else.
pub fn note(work: u32) {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        let noted = WORK.fetch_add(work, Ordering::Relaxed).saturating_add(work);
        if noted >= MUCH && !WAITING.swap(true, Ordering::AcqRel) {
            let started = std::thread::Builder::new().name("allocator".to_owned()).spawn(give_back_when_quiet);
            if started.is_err() {
                WAITING.store(false, Ordering::Release);
            }
        }
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    let _ = work;
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
static WORK: AtomicU32 = AtomicU32::new(0);

/// A thread waits for quiet.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
static WAITING: AtomicBool = AtomicBool::new(false);

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn give_back_when_quiet() {
    let mut noted = 0;
    while noted != WORK.load(Ordering::Relaxed) {
        noted = WORK.load(Ordering::Relaxed);
        std::thread::sleep(QUIET);
    }
    WORK.store(0, Ordering::Relaxed);
    WAITING.store(false, Ordering::Release);
    // SAFETY: malloc_trim locks what it looks at, heap by heap, and touches only what is free.
    #[expect(unsafe_code, reason = "the allocator has no other way to be told")]
    let _given_back = unsafe { libc::malloc_trim(0) };
}

#[cfg(all(test, target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
mod tests {
    use super::*;

    #[test]
    fn a_large_block_is_mapped_by_itself_also_after_larger_ones_were_freed() {
        settle();
        for size in [20 << 20, 8 << 20, 1 << 20, 300 << 10] {
            drop(std::hint::black_box(vec![1_u8; size]));
            let block: Vec<u8> = std::hint::black_box(Vec::with_capacity(size));
            // A mapped block begins at a page, with its size in the 16 bytes before what the program gets.
            assert_eq!(block.as_ptr().addr() % 4096, 16, "{size} bytes");
        }
    }

    /// How many pages that begin at these addresses are in memory.
    fn present(pages: &[usize]) -> std::io::Result<usize> {
        use std::os::unix::fs::FileExt as _;
        let map = std::fs::File::open("/proc/self/pagemap")?;
        let mut count = 0;
        for address in pages {
            let mut entry = [0; 8];
            map.read_exact_at(&mut entry, (*address / 4096 * 8) as u64)?;
            count += usize::from(u64::from_ne_bytes(entry) >> 63 == 1);
        }
        Ok(count)
    }

    #[test]
    fn what_was_freed_between_other_blocks_goes_back_once_it_is_quiet() {
        let mut blocks: Vec<Vec<u8>> = (0..4000).map(|_| std::hint::black_box(vec![1; 16 * 1024])).collect();
        let pages: Vec<usize> = blocks.iter().map(|block| (block.as_ptr().addr() + 8192) / 4096 * 4096).collect();
        assert_eq!(present(&pages).unwrap(), 4000);
        let mut turn = 0;
        blocks.retain(|_| {
            turn += 1;
            turn % 20 == 0
        });
        assert!(present(&pages).unwrap() > 2000, "most of them lie between others");
        note(MUCH);
        let gone = || present(&pages).is_ok_and(|present| present < 1000);
        testbed::Deadline::generous().wait_until("the pages to be given back", gone).unwrap();
        assert!(blocks.iter().all(|block| block.iter().all(|byte| *byte == 1)));
    }
}
