#include "kit/sql/sqlite_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace jebi::sql {

namespace {

constexpr mode_t owner_only = 0600;
constexpr std::string_view magic{"SQLite format 3\0", 16};
constexpr std::size_t header_bytes = 100;
using Header = std::array<unsigned char, header_bytes>;

class Descriptor {
public:
    Descriptor(const std::string& file, int flags)
        : value_(::open(file.c_str(), flags | O_CLOEXEC, owner_only)) {}
    Descriptor(const Descriptor&) = delete;
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    explicit operator bool() const { return value_ >= 0; }
    int value() const { return value_; }
    int release() { return std::exchange(value_, -1); }

private:
    int value_;
};

std::string folder_of(const std::string& file) {
    const auto folder = std::filesystem::path{file}.parent_path().string();
    return folder.empty() ? "." : folder;
}

std::uint32_t big_endian(const Header& header, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = at; i < at + 4; ++i)
        number = number << 8 | header[i];
    return number;
}

bool has_content(const std::string& file) {
    struct stat status{};
    return ::stat(file.c_str(), &status) == 0 && status.st_size > 0;
}

std::string holder(int descriptor) {
    std::array<char, 20> text{};
    const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
    long pid = 0;
    if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
    if (pid == ::getpid()) return "this process";
    return pid > 0 ? "process " + std::to_string(pid) : "another process";
}

void write_holder(int descriptor) {
    const std::string pid = std::to_string(::getpid()) + "\n";
    // For the error text of others only, so that a failure does not matter.
    if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, pid.data(), pid.size(), 0) < 0) errno = 0;
}

Error not_a_database(const std::string& file) {
    return error(Code::invalid,
                 "The file " + file + " is not a database. Move it away, or name another file.")
        .because("not_a_database");
}

}  // namespace

Error file_error(const std::string& what, const std::string& hint, int number) {
    const std::string why = std::generic_category().message(number);
    return error(Code::unavailable, what + " (" + why + "). " + hint).because("not_writable");
}

Result<std::string> absolute_path(const std::string& file) {
    std::error_code status;
    std::string path = std::filesystem::absolute(file, status).lexically_normal().string();
    const std::string folder = folder_of(path);
    if (status || !std::filesystem::is_directory(folder, status)) {
        return fail(
            error(Code::unavailable,
                  "The folder " + folder + " for the database does not exist. Make it, or name another one.")
                .because("folder_missing"));
    }
    if (std::filesystem::is_directory(path, status)) {
        return fail(error(Code::invalid, path + " is a folder, not a database file. Name a file inside it.")
                        .because("not_a_database"));
    }
    return path;
}

Result<FileLock> FileLock::take(const std::string& file) {
    const std::string path = file + ".lock";
    Descriptor lock{path, O_RDWR | O_CREAT};
    if (!lock) {
        return fail(file_error("The file " + path + " cannot be made or written",
                               "Give this user the right to write in its folder, or name another one.",
                               errno));
    }
    if (::flock(lock.value(), LOCK_EX | LOCK_NB) != 0) {
        return fail(error(Code::unavailable, "The database " + file + " is in use by " +
                                                 holder(lock.value()) +
                                                 ". Stop that one first, or name another file.")
                        .because("in_use"));
    }
    write_holder(lock.value());
    return FileLock{lock.release()};
}

FileLock::~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> check_header(const std::string& file) {
    const Descriptor descriptor{file, O_RDWR};
    if (!descriptor && errno == ENOENT) return {};
    if (!descriptor) {
        return fail(file_error("The database " + file + " cannot be read and written",
                               "Give this user the right to, or name another file.", errno));
    }
    struct stat status{};
    if (::fstat(descriptor.value(), &status) != 0 || status.st_size == 0) return {};
    Header header{};
    const ssize_t size = ::pread(descriptor.value(), header.data(), header.size(), 0);
    const std::string_view start{reinterpret_cast<const char*>(header.data()), magic.size()};
    if (size != static_cast<ssize_t>(header.size()) || start != magic) return fail(not_a_database(file));
    // With a journal beside it the making of the file was cut short; SQLite knows what is true then.
    if (has_content(file + "-journal")) return {};
    return check_marks(file, big_endian(header, 68), big_endian(header, 60));
}

Result<void> check_marks(const std::string& file, std::int64_t application, std::int64_t format) {
    if (application != application_id) {
        return fail(
            error(Code::invalid, "The file " + file +
                                     " is a database of another program. Name another file; this one was"
                                     " not touched.")
                .because("foreign_database"));
    }
    if (format <= format_version) return {};
    return fail(error(Code::conflict, "The database " + file +
                                          " was written by a newer version of this program"
                                          " (format " +
                                          std::to_string(format) + ", this version knows " +
                                          std::to_string(format_version) +
                                          "). Start that version, or restore a backup made by this one.")
                    .because("newer_version"));
}

Result<void> make_file(const std::string& file) {
    const Descriptor descriptor{file, O_RDWR | O_CREAT};
    if (descriptor) return {};
    return fail(file_error("The file " + file + " cannot be made",
                           "Give this user the right to write in its folder, or name another one.", errno));
}

Result<void> sync_file(const std::string& file) {
    const Descriptor descriptor{file, O_RDONLY};
    if (descriptor && ::fsync(descriptor.value()) == 0) return {};
    return fail(
        file_error("The file " + file + " could not be brought to the disk", "Look at the disk.", errno));
}

Result<void> sync_folder_of(const std::string& file) {
    const Descriptor descriptor{folder_of(file), O_RDONLY | O_DIRECTORY};
    if (descriptor && ::fsync(descriptor.value()) == 0) return {};
    return fail(file_error("The folder of " + file + " could not be brought to the disk", "Look at the disk.",
                           errno));
}

}  // namespace jebi::sql
