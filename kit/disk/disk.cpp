#include "kit/disk/disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace jebi::disk {

namespace {

std::unexpected<Error> failed(const std::string& path, const char* doing, int number) {
    const std::string why = std::string(doing) + " " + path + ": " + std::strerror(number) + ".";
    switch (number) {
        case ENOSPC:
        case EDQUOT:
            return fail(error(Code::exhausted, "The disk is full: " + why).because("disk_full"));
        case ENOENT:
            return fail(error(Code::not_found, why).because("no_such_file"));
        case EEXIST:
            return fail(error(Code::conflict, why).because("file_exists"));
        default:
            return fail(error(Code::unavailable, why).because("disk_error"));
    }
}

// "." of a name alone; a slash at the end is none.
std::string parent_of(const std::string& path) {
    std::filesystem::path whole{path};
    if (!whole.has_filename()) whole = whole.parent_path();
    const std::string parent = whole.parent_path().string();
    return parent.empty() ? "." : parent;
}

class RealOutput final : public Output {
public:
    RealOutput(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
    ~RealOutput() override { ::close(descriptor_); }

    Result<void> append(std::span<const std::string_view> pieces) override {
        for (std::size_t i = 0; i < pieces.size(); i += vectors_max) {
            TRY_VOID(append_some(pieces.subspan(i, std::min(vectors_max, pieces.size() - i))));
        }
        return {};
    }
    Result<void> sync() override {
        if (::fdatasync(descriptor_) == 0) return {};
        return failed(path_, "cannot sync", errno);
    }
    std::uint64_t size() const override { return size_; }

private:
    static constexpr std::size_t vectors_max = 512;  // fewer than the kernel's IOV_MAX

    Result<void> append_some(std::span<const std::string_view> pieces) {
        std::array<::iovec, vectors_max> vectors;
        for (std::size_t i = 0; i < pieces.size(); ++i)
            vectors[i] = {.iov_base = const_cast<char*>(pieces[i].data()), .iov_len = pieces[i].size()};
        std::span<::iovec> left{vectors.data(), pieces.size()};
        while (true) {
            while (!left.empty() && left.front().iov_len == 0)
                left = left.subspan(1);
            if (left.empty()) return {};
            const ::ssize_t written = ::writev(descriptor_, left.data(), static_cast<int>(left.size()));
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return failed(path_, "cannot write", errno);
            skip(left, static_cast<std::size_t>(written));
        }
    }

    // A write may stop anywhere: what is left begins after `written` bytes.
    void skip(std::span<::iovec>& left, std::size_t written) {
        size_ += written;
        for (; !left.empty() && written >= left.front().iov_len; left = left.subspan(1))
            written -= left.front().iov_len;
        if (left.empty()) return;
        left.front().iov_base = static_cast<char*>(left.front().iov_base) + written;
        left.front().iov_len -= written;
    }

    std::string path_;
    int descriptor_;
    std::uint64_t size_ = 0;
};

class RealInput final : public Input {
public:
    RealInput(std::string path, int descriptor, std::uint64_t size)
        : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
    ~RealInput() override { ::close(descriptor_); }

    std::uint64_t size() const override { return size_; }
    Result<void> read(std::uint64_t at, char* into, std::size_t size) const override {
        while (size > 0) {
            const ::ssize_t count = ::pread(descriptor_, into, size, static_cast<::off_t>(at));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return failed(path_, "cannot read", errno);
            if (count == 0)
                return fail(error(Code::unavailable, path_ + " ends too early.").because("short_file"));
            at += static_cast<std::uint64_t>(count);
            into += count;
            size -= static_cast<std::size_t>(count);
        }
        return {};
    }

private:
    std::string path_;
    int descriptor_;
    std::uint64_t size_;
};

class RealDisk final : public Disk {
public:
    Result<std::unique_ptr<Output>> create(const std::string& path) override {
        const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
        if (descriptor < 0) return failed(path, "cannot make", errno);
        return std::make_unique<RealOutput>(path, descriptor);
    }

    Result<std::unique_ptr<Input>> open(const std::string& path) override {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) return failed(path, "cannot open", errno);
        struct ::stat about{};
        if (::fstat(descriptor, &about) != 0) {
            const int number = errno;
            ::close(descriptor);
            return failed(path, "cannot look at", number);
        }
        return std::make_unique<RealInput>(path, descriptor, static_cast<std::uint64_t>(about.st_size));
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (std::rename(from.c_str(), to.c_str()) == 0) return {};
        return failed(from, "cannot rename", errno);
    }

    Result<void> remove(const std::string& path) override {
        if (::unlink(path.c_str()) == 0) return {};
        return failed(path, "cannot remove", errno);
    }

    Result<void> sync_folder(const std::string& folder) override {
        const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (descriptor < 0) return failed(folder, "cannot open", errno);
        const int status = ::fsync(descriptor);
        const int number = errno;
        ::close(descriptor);
        if (status == 0) return {};
        return failed(folder, "cannot sync", number);
    }

    Result<void> make_folder(const std::string& folder) override {
        if (::mkdir(folder.c_str(), 0700) == 0) return sync_folder(parent_of(folder));
        const int number = errno;
        struct ::stat about{};
        if (number == EEXIST && ::stat(folder.c_str(), &about) == 0 && S_ISDIR(about.st_mode)) return {};
        return failed(folder, "cannot make the folder", number);
    }

    Result<std::vector<std::string>> names(const std::string& folder) override {
        std::vector<std::string> found;
        std::error_code bad;
        std::filesystem::directory_iterator entry{folder, bad};
        for (; !bad && entry != std::filesystem::directory_iterator{}; entry.increment(bad)) {
            if (entry->is_regular_file(bad)) found.push_back(entry->path().filename().string());
        }
        if (bad) return failed(folder, "cannot list", bad.value());
        std::ranges::sort(found);
        return found;
    }

    Result<std::uint64_t> free_bytes(const std::string& folder) override {
        struct ::statvfs about{};
        if (::statvfs(folder.c_str(), &about) != 0) return failed(folder, "cannot look at", errno);
        return static_cast<std::uint64_t>(about.f_bavail) * about.f_frsize;
    }
};

}  // namespace

Disk& real_disk() {
    static RealDisk disk;
    return disk;
}

Result<std::string> read_all(Disk& disk, const std::string& path, std::size_t bytes_max) {
    TRY(const auto file, disk.open(path));
    if (file->size() > bytes_max)
        return fail(error(Code::exhausted, path + " is larger than it can be.").because("file_too_large"));
    std::string bytes(file->size(), '\0');
    TRY_VOID(file->read(0, bytes.data(), bytes.size()));
    return bytes;
}

Result<void> replace(Disk& disk, const std::string& path, std::string_view bytes) {
    const std::string fresh = path + ".new";
    if (const auto removed = disk.remove(fresh); !removed && removed.error().code != Code::not_found)
        return fail(removed.error());
    TRY(const auto file, disk.create(fresh));
    TRY_VOID(file->append(bytes));
    TRY_VOID(file->sync());
    TRY_VOID(disk.rename(fresh, path));
    return disk.sync_folder(parent_of(path));
}

Result<FolderLock> FolderLock::take(const std::string& folder) {
    const std::string path = folder + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return failed(path, "cannot open", errno);
    FolderLock lock{descriptor};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
    return fail(error(Code::conflict,
                      "Another process uses the folder " + folder + ". Stop it, or choose another folder.")
                    .because("folder_in_use"));
}

FolderLock::FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace jebi::disk
