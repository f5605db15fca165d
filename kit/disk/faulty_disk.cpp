#include "kit/disk/faulty_disk.h"

#include <utility>

namespace jebi::disk {

class FaultyOutput final : public Output {
public:
    FaultyOutput(FaultyDisk& disk, std::string path, std::unique_ptr<Output> below)
        : disk_(disk), path_(std::move(path)), below_(std::move(below)) {}

    Result<void> append(std::span<const std::string_view> pieces) override {
        if (auto fault = disk_.count(path_); !fault) {
            if (disk_.fault_ == FaultyDisk::Fault::short_write) append_half(pieces);
            return fault;
        }
        return below_->append(pieces);
    }
    Result<void> sync() override {
        TRY_VOID(disk_.count(path_));
        return below_->sync();
    }
    std::uint64_t size() const override { return below_->size(); }

private:
    void append_half(std::span<const std::string_view> pieces) {
        std::string bytes;
        for (const std::string_view piece : pieces)
            bytes += piece;
        (void)below_->append({bytes.data(), bytes.size() / 2});
    }

    FaultyDisk& disk_;
    std::string path_;
    std::unique_ptr<Output> below_;
};

void FaultyDisk::fail_from(std::uint64_t call, Fault fault, bool once) {
    fail_from_ = 0;
    calls_ = 0;
    failed_ = false;
    fault_ = fault;
    once_ = once;
    fail_from_ = call;
}

Result<void> FaultyDisk::count(const std::string& path) {
    const std::uint64_t call = ++calls_;
    const std::uint64_t from = fail_from_;
    if (from == 0 || call < from || (once_ && call > from)) return {};
    failed_ = true;
    if (fault_ == Fault::full)
        return fail(
            error(Code::exhausted, "The disk is full: cannot write " + path + ".").because("disk_full"));
    return fail(error(Code::unavailable, "cannot write " + path + ": made to fail.").because("disk_error"));
}

Result<std::unique_ptr<Output>> FaultyDisk::create(const std::string& path) {
    TRY_VOID(count(path));
    TRY(auto file, below_.create(path));
    return std::make_unique<FaultyOutput>(*this, path, std::move(file));
}

Result<void> FaultyDisk::rename(const std::string& from, const std::string& to) {
    TRY_VOID(count(from));
    return below_.rename(from, to);
}

Result<void> FaultyDisk::remove(const std::string& path) {
    TRY_VOID(count(path));
    return below_.remove(path);
}

Result<void> FaultyDisk::sync_folder(const std::string& folder) {
    TRY_VOID(count(folder));
    return below_.sync_folder(folder);
}

Result<std::uint64_t> FaultyDisk::free_bytes(const std::string& folder) {
    if (const std::uint64_t pretended = pretended_free_; pretended != UINT64_MAX) return pretended;
    return below_.free_bytes(folder);
}

}  // namespace jebi::disk
