// The database's file as the file system has it: whose it is, who has it open, what is wrong with it.
//
// Nothing here opens a file that a connection of this process may have open: closing it would drop
// SQLite's locks (POSIX locks belong to the process, not to the descriptor).
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "kit/base/result.h"

namespace jebi::sql {

// In the header of every file of ours (https://www.sqlite.org/fileformat.html, offsets 68 and 60).
inline constexpr std::int64_t application_id = 0x6A656269;  // "jebi"
inline constexpr std::int64_t format_version = 1;

// Where the path leads from the root; the folder must be there.
Result<std::string> absolute_path(const std::string& file);

// Holds the file for this process, by a lock on "<file>.lock" that the kernel drops when we die.
class FileLock {
public:
    static Result<FileLock> take(const std::string& file);
    FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

// Looks at the first bytes, before SQLite does: is this a database of ours? Nothing when it is, or when the
// file is empty or not there. Wants the lock.
Result<void> check_header(const std::string& file);

// The same question, for what SQLite answers to PRAGMA application_id and user_version.
Result<void> check_marks(const std::string& file, std::int64_t application, std::int64_t format);

// An empty file that only its owner may read, unless it is there.
Result<void> make_file(const std::string& file);

// Onto the disk: a file's content, and the names in a file's folder.
Result<void> sync_file(const std::string& file);
Result<void> sync_folder_of(const std::string& file);

// "The file cannot be written (Permission denied)."; for a system call that just failed.
Error file_error(const std::string& what, const std::string& hint, int number);

}  // namespace jebi::sql
