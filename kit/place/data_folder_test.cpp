#include "kit/place/data_folder.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

namespace jebi::place {

TEST_CASE("a data folder is made with those above it, for this user only") {
    std::string base = std::filesystem::temp_directory_path() / "jebi-place-XXXXXX";
    REQUIRE(::mkdtemp(base.data()) != nullptr);
    const std::string folder = base + "/data/log-analytics";
    CHECK(open_data_folder(folder));
    CHECK(open_data_folder(folder));
    for (const std::string& made : {base + "/data", folder}) {
        struct ::stat about{};
        REQUIRE(::stat(made.c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0700);
    }
    CHECK(std::filesystem::is_empty(folder));
    std::filesystem::remove_all(base);
}

TEST_CASE("a data folder that is a file is refused with what to do") {
    const auto refused = open_data_folder("/dev/null/data");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.contains("--data DIR"));
}

}  // namespace jebi::place
