// A disk for tests that loses its power: whatever it was not told to keep is then kept or lost as the seed
// says, each piece by itself, which is worse than what most file systems do and no worse than what they may
// do.
//
// Lost can be: the end of a file behind its last sync(), and every name that came, went or moved since the
// last sync_folder() of its folder. Everything lies in memory. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <random>

#include "kit/disk/disk.h"

namespace jebi::disk {

class ForgetfulDisk final : public Disk {
public:
    explicit ForgetfulDisk(std::uint64_t seed) : random_(seed) {}

    // From the n-th call from now on that changes something (create, append, sync, rename, remove,
    // sync_folder, make_folder; the first is 1) every call fails, and nothing is done. 0: never.
    void cut_power_at(std::uint64_t call);
    // Calls that changed something, since the last cut was asked for.
    std::uint64_t calls() const;
    // Forgets, and goes on. Files that are open from before fail for ever.
    void power_on();

    Result<std::unique_ptr<Output>> create(const std::string& path) override;
    Result<std::unique_ptr<Input>> open(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override;
    Result<void> sync_folder(const std::string& folder) override;
    Result<void> make_folder(const std::string& folder) override;
    Result<std::vector<std::string>> names(const std::string& folder) override;
    Result<std::uint64_t> free_bytes(const std::string& folder) override;

private:
    friend class ForgetfulOutput;
    friend class ForgetfulInput;
    struct File {
        std::string bytes;
        std::size_t synced = 0;
    };
    using Names = std::map<std::string, std::shared_ptr<File>>;
    struct Folder {
        Names now, synced;
    };
    struct Place {
        Folder* folder = nullptr;
        std::string name;
    };

    // All of them: the lock is held.
    Result<void> count();
    Result<void> has_power() const;
    Result<Place> place_of(const std::string& path);
    Result<std::shared_ptr<File>> file_at(const std::string& path);
    void forget(Folder& folder);

    mutable std::mutex mutex_;
    std::mt19937_64 random_;
    std::map<std::string, Folder> folders_;
    std::uint64_t calls_ = 0, cut_at_ = 0, times_on_ = 0;
    bool is_off_ = false;
};

}  // namespace jebi::disk
