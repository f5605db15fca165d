// A disk that may be said to be full for a while: nothing is created, appended or moved then, and no byte is
// free. What is there can be read, and removed. Else it is the disk below.
//
// For breaking what runs on purpose (kit/chaos); tests that fail the n-th write have faulty_disk.h.
#pragma once

#include <atomic>

#include "kit/base/call.h"
#include "kit/disk/disk.h"

namespace jebi::disk {

class FullDisk final : public Disk {
public:
    // `below` outlives it, and it outlives the files that it has made.
    explicit FullDisk(Disk& below) : below_(below) {}

    // Until then; a time that has passed: it is well again. From any thread.
    void pretend_full(Deadline until) { full_until_ = until; }

    Result<std::unique_ptr<Output>> create(const std::string& path) override;
    Result<std::unique_ptr<Input>> open(const std::string& path) override { return below_.open(path); }
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override { return below_.remove(path); }
    Result<void> sync_folder(const std::string& folder) override { return below_.sync_folder(folder); }
    Result<void> make_folder(const std::string& folder) override;
    Result<std::vector<std::string>> names(const std::string& folder) override {
        return below_.names(folder);
    }
    Result<std::uint64_t> free_bytes(const std::string& folder) override;

private:
    friend class FullOutput;
    bool is_full() const { return std::chrono::steady_clock::now() < full_until_.load(); }
    Result<void> room_for(const std::string& path) const;

    Disk& below_;
    std::atomic<Deadline> full_until_ = Deadline{};
};

}  // namespace jebi::disk
