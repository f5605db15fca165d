// Files that must survive a power cut: appended to, synced, renamed, read.
//
// What is written is on the disk only after sync(); a file's name is there only after sync_folder() of its
// folder, which is also what makes a rename last. (write + rename without both leaves an empty file after a
// power cut.) All of it blocks: call it on threads of its own, never on a loop.
//
// An interface, because a test must be able to make the n-th write fail (faulty_disk.h) and to cut the power
// (forgetful_disk.h).
//
// Errors: `exhausted` with the reason "disk_full"; `not_found`; `conflict` (is there already); else
// `unavailable` with the reason "disk_error". Messages name the file and what the system said. After a failed
// sync() nobody knows what is on the disk: close the file and never write to it again (a second sync would
// lie).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"

namespace jebi::disk {

// A new file that grows at its end. One thread at a time.
class Output {
public:
    virtual ~Output() = default;
    // Some of it may be there after an error.
    virtual Result<void> append(std::span<const std::string_view> pieces) = 0;
    virtual Result<void> sync() = 0;  // data and size (fdatasync)
    virtual std::uint64_t size() const = 0;
    Result<void> append(std::string_view bytes) { return append(std::span{&bytes, 1}); }
};

// A file to read from, at any place. Thread-safe. A file that is removed meanwhile stays readable.
class Input {
public:
    virtual ~Input() = default;
    virtual std::uint64_t size() const = 0;  // when it was opened
    // Exactly `size` bytes; `unavailable` with the reason "short_file" when the file ends before.
    virtual Result<void> read(std::uint64_t at, char* into, std::size_t size) const = 0;
};

// Thread-safe.
class Disk {
public:
    virtual ~Disk() = default;
    virtual Result<std::unique_ptr<Output>> create(const std::string& path) = 0;
    virtual Result<std::unique_ptr<Input>> open(const std::string& path) = 0;
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;  // replaces
    virtual Result<void> remove(const std::string& path) = 0;
    virtual Result<void> sync_folder(const std::string& folder) = 0;
    // Owner only, and its name is on the disk when this has answered. Fine when it is there.
    virtual Result<void> make_folder(const std::string& folder) = 0;
    virtual Result<std::vector<std::string>> names(const std::string& folder) = 0;  // of files, sorted
    // What can still be written (by others than root).
    virtual Result<std::uint64_t> free_bytes(const std::string& folder) = 0;
};

// The machine's.
Disk& real_disk();

// The whole file. `exhausted` when it is larger than `bytes_max`.
Result<std::string> read_all(Disk& disk, const std::string& path, std::size_t bytes_max);
// Puts `bytes` in place of the file's content, or leaves it as it was, also through a power cut: writes
// "<path>.new", syncs, renames, syncs the folder.
Result<void> replace(Disk& disk, const std::string& path, std::string_view bytes);

// Held as long as this process uses the folder: a second one is refused with `conflict`.
class FolderLock {
public:
    static Result<FolderLock> take(const std::string& folder);
    FolderLock(FolderLock&& other) noexcept;
    FolderLock& operator=(FolderLock&& other) noexcept;
    ~FolderLock();

private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace jebi::disk
