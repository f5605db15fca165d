#include "modules/web/visits/spool.h"

#include <doctest/doctest.h>

#include <fstream>

#include "kit/disk/faulty_disk.h"
#include "modules/web/visits/scripted_log_testing.h"

using namespace jebi;
using namespace jebi::web;

namespace {

constexpr std::uint64_t plenty = 64 * 1024 * 1024;

// All that is kept, oldest first, taken out file by file.
std::string emptied(Spool& spool) {
    std::string all;
    for (std::string lines = spool.oldest().value(); !lines.empty(); lines = spool.oldest().value()) {
        all += lines;
        CHECK(spool.remove_oldest());
    }
    return all;
}

std::size_t files_in(const std::string& folder) {
    return disk::real_disk().names(folder).value().size();
}

}  // namespace

TEST_CASE("lines come out in the order in which they went in, and only once") {
    const Folder folder;
    Spool spool{disk::real_disk(), folder / "spool", plenty};
    CHECK(spool.append("a\nb\n"));
    CHECK(spool.append("c\n"));
    CHECK(spool.bytes() == 6);
    CHECK(emptied(spool) == "a\nb\nc\n");
    CHECK(spool.bytes() == 0);
    CHECK(spool.append("d\n"));
    CHECK(emptied(spool) == "d\n");
    CHECK(spool.oldest().value().empty());
    CHECK(files_in(folder / "spool") == 0);
}

TEST_CASE("the oldest lines stay until they are removed, and what comes meanwhile goes behind them") {
    const Folder folder;
    Spool spool{disk::real_disk(), folder / "spool", plenty};
    CHECK(spool.append("a\n"));
    CHECK(spool.oldest().value() == "a\n");
    CHECK(spool.append("b\n"));
    CHECK(spool.oldest().value() == "a\n");
    CHECK(spool.remove_oldest());
    CHECK(spool.oldest().value() == "b\n");
}

TEST_CASE("another process finds what the one before has left, in order, also past ten files") {
    const Folder folder;
    std::string expected;
    for (int i = 0; i < 12; ++i) {
        Spool spool{disk::real_disk(), folder / "spool", plenty};
        expected += std::to_string(i) + "\n";
        CHECK(spool.append(std::to_string(i) + "\n"));
    }
    CHECK(files_in(folder / "spool") == 12);
    Spool spool{disk::real_disk(), folder / "spool", plenty};
    CHECK(spool.open());
    CHECK(spool.bytes() == expected.size());
    CHECK(emptied(spool) == expected);
}

TEST_CASE("a line that a crash cut off is left out, and the whole ones before it are not") {
    const Folder folder;
    REQUIRE(disk::real_disk().make_folder(folder / "spool"));
    std::ofstream(folder / "spool/7.lines") << "a\nb\nhalf";
    std::ofstream(folder / "spool/8.lines") << "half";
    std::ofstream(folder / "spool/9.lines") << "";
    std::ofstream(folder / "spool/x.lines") << "not ours\n";
    Spool spool{disk::real_disk(), folder / "spool", plenty};
    CHECK(spool.append("c\n"));
    CHECK(emptied(spool) == "a\nb\nc\n");
    CHECK(spool.bytes() == 0);
    CHECK(files_in(folder / "spool") == 1);
}

TEST_CASE("it never grows beyond its bound, and takes lines again when there is room") {
    const Folder folder;
    const std::string line = std::string(99, 'x') + "\n";
    Spool spool{disk::real_disk(), folder / "spool", 250};
    CHECK(spool.append(line));
    CHECK(spool.append(line));
    const auto refused = spool.append(line);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "spool_full");
    CHECK(spool.bytes() == 200);
    CHECK(emptied(spool) == line + line);
    CHECK(spool.append(line));
}

TEST_CASE("files stay small, so that what has been delivered goes away soon") {
    const Folder folder;
    const std::string lines = std::string(300 * 1024, 'x') + "\n";
    Spool spool{disk::real_disk(), folder / "spool", plenty};
    for (int i = 0; i < 12; ++i)
        CHECK(spool.append(lines));
    CHECK(files_in(folder / "spool") == 3);
    CHECK(emptied(spool).size() == 12 * lines.size());
}

TEST_CASE("whichever call to the disk fails, what was taken comes out, whole and in order") {
    using Fault = disk::FaultyDisk::Fault;
    for (const Fault fault : {Fault::io_error, Fault::full, Fault::short_write}) {
        for (std::uint64_t call = 1; call <= 12; ++call) {
            CAPTURE(call);
            const Folder folder;
            disk::FaultyDisk faulty{disk::real_disk()};
            Spool spool{faulty, folder / "spool", plenty};
            faulty.fail_from(call, fault, true);
            std::vector<std::string> taken;
            for (int i = 0; i < 8; ++i) {
                const std::string line = std::to_string(i) + std::string(400'000, '.') + "\n";
                if (spool.append(line)) taken.push_back(line);
            }
            CHECK(taken.size() >= 7);
            const std::string all = emptied(spool);
            std::size_t from = 0;
            for (const std::string& line : taken) {
                const auto at = all.find(line, from);
                REQUIRE(at != std::string::npos);
                from = at + line.size();
            }
            for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1)
                CHECK(all.find('\n', at) - at == 400'001);  // no half of a line
        }
    }
}

TEST_CASE("a folder that cannot be used is an error each time, and works as soon as it is mended") {
    const Folder folder;
    std::ofstream(folder / "spool") << "a file where the folder should be";
    Spool spool{disk::real_disk(), folder / "spool", plenty};
    CHECK_FALSE(spool.append("a\n"));
    CHECK_FALSE(spool.oldest());
    std::filesystem::remove(folder / "spool");
    CHECK(spool.append("a\n"));
    CHECK(emptied(spool) == "a\n");
}

TEST_CASE("a file that cannot be read is given up after three tries, and counted; a missing one at once") {
    const Folder folder;
    for (const char* lines : {"a\n", "b\n", "c\n"})
        CHECK(Spool{disk::real_disk(), folder / "spool", plenty}.append(lines));
    Spool spool{disk::real_disk(), folder / "spool", plenty};
    REQUIRE(spool.open());
    std::filesystem::remove(folder / "spool/1.lines");
    std::filesystem::resize_file(folder / "spool/2.lines", 1024 * 1024 * 1024);  // far too large to be ours
    CHECK_FALSE(spool.oldest());
    CHECK_FALSE(spool.oldest());
    CHECK(spool.oldest().value() == "c\n");
    CHECK(spool.files_lost() == 2);
}
