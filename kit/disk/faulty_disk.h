// A disk for tests that fails when it is told to: the n-th call that changes something (create, append, sync,
// rename, remove, sync_folder) and, unless told otherwise, every later one until heal().
#pragma once

#include <atomic>
#include <cstdint>

#include "kit/disk/disk.h"

namespace jebi::disk {

class FaultyDisk final : public Disk {
public:
    explicit FaultyDisk(Disk& below) : below_(below) {}

    enum class Fault : std::uint8_t {
        io_error,     // nothing is written
        full,         // "disk_full"; nothing is written
        short_write,  // appends write half of the bytes and fail; other calls fail
    };
    // Counts from now: the first call is 1.
    void fail_from(std::uint64_t call, Fault fault, bool once);
    void heal() { fail_from(0, Fault::io_error, false); }
    std::uint64_t calls() const { return calls_; }
    bool has_failed() const { return failed_; }
    // What free_bytes() answers from now on; nothing: the truth.
    void pretend_free(std::uint64_t bytes) { pretended_free_ = bytes; }

    Result<std::unique_ptr<Output>> create(const std::string& path) override;
    Result<std::unique_ptr<Input>> open(const std::string& path) override { return below_.open(path); }
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override;
    Result<void> sync_folder(const std::string& folder) override;
    Result<void> make_folder(const std::string& folder) override { return below_.make_folder(folder); }
    Result<std::vector<std::string>> names(const std::string& folder) override {
        return below_.names(folder);
    }
    Result<std::uint64_t> free_bytes(const std::string& folder) override;

private:
    friend class FaultyOutput;
    // The error that this call is to have, or nothing.
    Result<void> count(const std::string& path);

    Disk& below_;
    std::atomic<std::uint64_t> calls_ = 0, fail_from_ = 0;
    std::atomic<Fault> fault_ = Fault::io_error;
    std::atomic<bool> once_ = false, failed_ = false;
    std::atomic<std::uint64_t> pretended_free_ = UINT64_MAX;
};

}  // namespace jebi::disk
