#include "kit/disk/disk.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "kit/disk/faulty_disk.h"
#include "kit/disk/forgetful_disk.h"
#include "kit/disk/full_disk.h"

namespace jebi::disk {
namespace {

struct Folder {
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "jebi-disk-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    std::string path;
};

}  // namespace

TEST_CASE("what is appended in pieces is read at any place, and nothing behind the end") {
    const Folder folder;
    const std::string path = folder.path + "/file";
    {
        const auto file = real_disk().create(path).value();
        const std::array<std::string_view, 3> pieces{"one ", "", "two"};
        REQUIRE(file->append(pieces));
        REQUIRE(file->append(" three"));
        REQUIRE(file->sync());
        CHECK(file->size() == 13);
    }
    const auto file = real_disk().open(path).value();
    std::array<char, 3> read{};
    REQUIRE(file->read(4, read.data(), read.size()));
    CHECK(std::string_view(read.data(), read.size()) == "two");
    CHECK(file->read(11, read.data(), read.size()).error().reason == "short_file");
    CHECK(read_all(real_disk(), path, 13).value() == "one two three");
    CHECK(read_all(real_disk(), path, 12).error().code == Code::exhausted);
}

TEST_CASE("more pieces than one system call takes arrive in their order") {
    const Folder folder;
    std::string expected;
    std::vector<std::string> texts;
    for (int i = 0; i < 3'000; ++i)
        expected += texts.emplace_back(std::to_string(i));
    const std::vector<std::string_view> pieces{texts.begin(), texts.end()};
    REQUIRE(real_disk().create(folder.path + "/file").value()->append(pieces));
    CHECK(read_all(real_disk(), folder.path + "/file", 100'000).value() == expected);
}

TEST_CASE("files that are there, or are not, are told apart") {
    const Folder folder;
    const std::string path = folder.path + "/file";
    CHECK(real_disk().open(path).error().code == Code::not_found);
    CHECK(real_disk().remove(path).error().code == Code::not_found);
    REQUIRE(real_disk().create(path));
    CHECK(real_disk().create(path).error().code == Code::conflict);
    CHECK(real_disk().names(folder.path).value() == std::vector<std::string>{"file"});
    CHECK(real_disk().make_folder(folder.path));
    CHECK_FALSE(real_disk().make_folder(path));
    CHECK(real_disk().free_bytes(folder.path).value() > 0);
}

TEST_CASE("a file is replaced as a whole, and stays as it was when that fails") {
    const Folder folder;
    const std::string path = folder.path + "/file";
    FaultyDisk faulty{real_disk()};
    REQUIRE(replace(faulty, path, "before"));
    bool succeeded = false;
    for (std::uint64_t call = 1; !succeeded; ++call) {
        REQUIRE(call < 20);
        faulty.fail_from(call, FaultyDisk::Fault::short_write, true);
        succeeded = replace(faulty, path, "after it").has_value() && !faulty.has_failed();
        const std::string found = read_all(real_disk(), path, 100).value();
        CHECK((found == "before" || found == "after it"));
    }
    CHECK(read_all(real_disk(), path, 100).value() == "after it");
}

TEST_CASE("a folder is held by one at a time") {
    const Folder folder;
    {
        const auto lock = FolderLock::take(folder.path);
        REQUIRE(lock);
        CHECK(FolderLock::take(folder.path).error().reason == "folder_in_use");
    }
    CHECK(FolderLock::take(folder.path));
}

TEST_CASE("a power cut keeps what was synced, and of the rest it loses some and keeps some") {
    int kept = 0, lost = 0, torn = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        ForgetfulDisk disk{seed};
        REQUIRE(disk.make_folder("/d"));
        const auto synced = disk.create("/d/synced").value();
        REQUIRE(synced->append("one"));
        REQUIRE(synced->sync());
        REQUIRE(disk.sync_folder("/d"));
        REQUIRE(synced->append(" two three"));
        REQUIRE(disk.create("/d/nameless").value()->sync());
        disk.cut_power_at(1);
        CHECK_FALSE(disk.remove("/d/synced"));
        CHECK_FALSE(disk.names("/d"));
        disk.power_on();
        CHECK_FALSE(synced->sync());
        const std::string text = read_all(disk, "/d/synced", 100).value();
        CHECK(std::string("one two three").starts_with(text));
        CHECK(text.starts_with("one"));
        if (text.size() > 3 && text.size() < 13) ++torn;
        disk.open("/d/nameless") ? ++kept : ++lost;
    }
    CHECK(kept > 0);
    CHECK(lost > 0);
    CHECK(torn > 0);
}

TEST_CASE("after a power cut a replaced file is the old one or the new one, whole") {
    int old = 0, fresh = 0;
    for (std::uint64_t call = 1; call <= 6; ++call) {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            ForgetfulDisk disk{seed};
            REQUIRE(disk.make_folder("/d"));
            REQUIRE(replace(disk, "/d/file", "old"));
            disk.cut_power_at(call);
            const bool replaced = replace(disk, "/d/file", "new").has_value();
            disk.power_on();
            const std::string text = read_all(disk, "/d/file", 100).value();
            CHECK((text == "new" || (text == "old" && !replaced)));
            text == "new" ? ++fresh : ++old;
        }
    }
    CHECK(old > 0);
    CHECK(fresh > 0);
}

TEST_CASE("a disk that is said to be full takes nothing, gives what it has, and is well again by itself") {
    const Folder folder;
    const std::string path = folder.path + "/file";
    FullDisk disk{real_disk()};
    const auto file = disk.create(path).value();
    REQUIRE(file->append("before"));
    disk.pretend_full(in(Millis{600'000}));
    CHECK(file->append("more").error().reason == "disk_full");
    CHECK(disk.create(folder.path + "/other").error().reason == "disk_full");
    CHECK(disk.rename(path, folder.path + "/other").error().reason == "disk_full");
    CHECK(disk.make_folder(folder.path + "/folder").error().reason == "disk_full");
    CHECK(disk.free_bytes(folder.path).value() == 0);
    CHECK(read_all(disk, path, 100).value() == "before");
    disk.pretend_full(in(Millis{0}));
    REQUIRE(file->append(" and after"));
    CHECK(read_all(disk, path, 100).value() == "before and after");
    CHECK(disk.free_bytes(folder.path).value() > 0);
    CHECK(disk.remove(path));
}

}  // namespace jebi::disk
