#include "kit/disk/full_disk.h"

#include <utility>

namespace jebi::disk {

class FullOutput final : public Output {
public:
    FullOutput(const FullDisk& disk, std::string path, std::unique_ptr<Output> below)
        : disk_(disk), path_(std::move(path)), below_(std::move(below)) {}

    Result<void> append(std::span<const std::string_view> pieces) override {
        TRY_VOID(disk_.room_for(path_));
        return below_->append(pieces);
    }
    Result<void> sync() override { return below_->sync(); }
    std::uint64_t size() const override { return below_->size(); }

private:
    const FullDisk& disk_;
    std::string path_;
    std::unique_ptr<Output> below_;
};

Result<void> FullDisk::room_for(const std::string& path) const {
    if (!is_full()) return {};
    return fail(error(Code::exhausted, "The disk is said to be full: cannot write " + path + ".")
                    .because("disk_full"));
}

Result<std::unique_ptr<Output>> FullDisk::create(const std::string& path) {
    TRY_VOID(room_for(path));
    TRY(auto file, below_.create(path));
    return std::make_unique<FullOutput>(*this, path, std::move(file));
}

Result<void> FullDisk::rename(const std::string& from, const std::string& to) {
    TRY_VOID(room_for(to));
    return below_.rename(from, to);
}

Result<void> FullDisk::make_folder(const std::string& folder) {
    TRY_VOID(room_for(folder));
    return below_.make_folder(folder);
}

Result<std::uint64_t> FullDisk::free_bytes(const std::string& folder) {
    return is_full() ? Result<std::uint64_t>{0} : below_.free_bytes(folder);
}

}  // namespace jebi::disk
