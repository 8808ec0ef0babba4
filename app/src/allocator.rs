//! What the memory allocator is told, so that what was freed goes back to the system.

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
}
