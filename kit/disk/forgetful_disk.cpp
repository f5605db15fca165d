#include "kit/disk/forgetful_disk.h"

#include <algorithm>
#include <filesystem>

namespace jebi::disk {

namespace {

constexpr std::uint64_t free_bytes_always = std::uint64_t{1} << 40;

std::unexpected<Error> failed(std::string what) {
    return fail(error(Code::unavailable, std::move(what)).because("disk_error"));
}

std::unexpected<Error> no_such(const std::string& path) {
    return fail(error(Code::not_found, "There is no " + path + ".").because("no_such_file"));
}

}  // namespace

class ForgetfulOutput final : public Output {
public:
    ForgetfulOutput(ForgetfulDisk& disk, std::shared_ptr<ForgetfulDisk::File> file)
        : disk_(disk), file_(std::move(file)), times_on_(disk.times_on_) {}

    Result<void> append(std::span<const std::string_view> pieces) override {
        const std::lock_guard lock{disk_.mutex_};
        TRY_VOID(count());
        for (const std::string_view piece : pieces)
            file_->bytes += piece;
        return {};
    }
    Result<void> sync() override {
        const std::lock_guard lock{disk_.mutex_};
        TRY_VOID(count());
        file_->synced = file_->bytes.size();
        return {};
    }
    std::uint64_t size() const override {
        const std::lock_guard lock{disk_.mutex_};
        return file_->bytes.size();
    }

private:
    Result<void> count() {
        if (times_on_ != disk_.times_on_) return failed("The file was open when the power went off.");
        return disk_.count();
    }

    ForgetfulDisk& disk_;
    std::shared_ptr<ForgetfulDisk::File> file_;
    std::uint64_t times_on_;
};

class ForgetfulInput final : public Input {
public:
    ForgetfulInput(ForgetfulDisk& disk, std::shared_ptr<ForgetfulDisk::File> file)
        : disk_(disk), file_(std::move(file)), size_(file_->bytes.size()) {}

    std::uint64_t size() const override { return size_; }
    Result<void> read(std::uint64_t at, char* into, std::size_t size) const override {
        const std::lock_guard lock{disk_.mutex_};
        const std::string& bytes = file_->bytes;
        if (at > bytes.size() || bytes.size() - at < size)
            return fail(error(Code::unavailable, "The file ends too early.").because("short_file"));
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, into);
        return {};
    }

private:
    ForgetfulDisk& disk_;
    std::shared_ptr<ForgetfulDisk::File> file_;
    std::uint64_t size_;
};

void ForgetfulDisk::cut_power_at(std::uint64_t call) {
    const std::lock_guard lock{mutex_};
    calls_ = 0;
    cut_at_ = call;
}

std::uint64_t ForgetfulDisk::calls() const {
    const std::lock_guard lock{mutex_};
    return calls_;
}

void ForgetfulDisk::power_on() {
    const std::lock_guard lock{mutex_};
    for (auto& [path, folder] : folders_)
        forget(folder);
    ++times_on_;
    cut_at_ = 0;
    is_off_ = false;
}

// A name that is not synced is what it was or what it became; a file keeps some of its end.
void ForgetfulDisk::forget(Folder& folder) {
    const auto one_of_two = [this] { return random_() % 2 == 0; };
    Names all = folder.synced;
    all.insert(folder.now.begin(), folder.now.end());
    for (const auto& [name, file] : all) {
        const auto now = folder.now.find(name), before = folder.synced.find(name);
        const bool is_kept = one_of_two();
        const auto& from = is_kept ? now : before;
        const auto end = is_kept ? folder.now.end() : folder.synced.end();
        all[name] = from == end ? nullptr : from->second;
    }
    std::erase_if(all, [](const auto& entry) { return entry.second == nullptr; });
    for (const auto& [name, file] : all) {
        const std::size_t loose = file->bytes.size() - file->synced;
        file->bytes.resize(file->synced + random_() % (loose + 1));
        file->synced = file->bytes.size();
    }
    folder.now = folder.synced = std::move(all);
}

Result<void> ForgetfulDisk::has_power() const {
    if (is_off_) return failed("The power is off.");
    return {};
}

Result<void> ForgetfulDisk::count() {
    if (++calls_ == cut_at_) is_off_ = true;
    return has_power();
}

Result<ForgetfulDisk::Place> ForgetfulDisk::place_of(const std::string& path) {
    const std::filesystem::path whole{path};
    const auto folder = folders_.find(whole.parent_path().string());
    if (folder == folders_.end()) return no_such(whole.parent_path().string());
    return Place{.folder = &folder->second, .name = whole.filename().string()};
}

Result<std::shared_ptr<ForgetfulDisk::File>> ForgetfulDisk::file_at(const std::string& path) {
    TRY(const Place place, place_of(path));
    const auto found = place.folder->now.find(place.name);
    if (found == place.folder->now.end()) return no_such(path);
    return found->second;
}

Result<std::unique_ptr<Output>> ForgetfulDisk::create(const std::string& path) {
    const std::lock_guard lock{mutex_};
    TRY_VOID(count());
    TRY(const Place place, place_of(path));
    auto file = std::make_shared<File>();
    if (!place.folder->now.emplace(place.name, file).second)
        return fail(error(Code::conflict, path + " is there already.").because("file_exists"));
    return std::make_unique<ForgetfulOutput>(*this, std::move(file));
}

Result<std::unique_ptr<Input>> ForgetfulDisk::open(const std::string& path) {
    const std::lock_guard lock{mutex_};
    TRY_VOID(has_power());
    TRY(auto file, file_at(path));
    return std::make_unique<ForgetfulInput>(*this, std::move(file));
}

Result<void> ForgetfulDisk::rename(const std::string& from, const std::string& to) {
    const std::lock_guard lock{mutex_};
    TRY_VOID(count());
    TRY(auto file, file_at(from));
    TRY(const Place old, place_of(from));
    TRY(const Place fresh, place_of(to));
    old.folder->now.erase(old.name);
    fresh.folder->now[fresh.name] = std::move(file);
    return {};
}

Result<void> ForgetfulDisk::remove(const std::string& path) {
    const std::lock_guard lock{mutex_};
    TRY_VOID(count());
    TRY(const Place place, place_of(path));
    if (place.folder->now.erase(place.name) == 0) return no_such(path);
    return {};
}

Result<void> ForgetfulDisk::sync_folder(const std::string& folder) {
    const std::lock_guard lock{mutex_};
    TRY_VOID(count());
    const auto found = folders_.find(folder);
    if (found == folders_.end()) return no_such(folder);
    found->second.synced = found->second.now;
    return {};
}

Result<void> ForgetfulDisk::make_folder(const std::string& folder) {
    const std::lock_guard lock{mutex_};
    TRY_VOID(count());
    folders_.try_emplace(folder);
    return {};
}

Result<std::vector<std::string>> ForgetfulDisk::names(const std::string& folder) {
    const std::lock_guard lock{mutex_};
    TRY_VOID(has_power());
    const auto found = folders_.find(folder);
    if (found == folders_.end()) return no_such(folder);
    std::vector<std::string> names;
    for (const auto& [name, file] : found->second.now)
        names.push_back(name);
    return names;
}

Result<std::uint64_t> ForgetfulDisk::free_bytes(const std::string&) {
    const std::lock_guard lock{mutex_};
    TRY_VOID(has_power());
    return free_bytes_always;
}

}  // namespace jebi::disk
