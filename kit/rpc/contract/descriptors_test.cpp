#include "kit/rpc/contract/descriptors.h"

#include <doctest/doctest.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <array>

#include "kit/rpc/contract/breaking.h"
#include "kit/rpc/contract/testing/compiled.h"
#include "kit/rpc/testing/echo.jebi.h"

using namespace jebi;
using namespace jebi::contract;

namespace {

constexpr std::array<std::string_view, 1> echo{"jebi.rpc.testing.v1.Echo"};

}  // namespace

TEST_CASE("a program knows the contracts that are compiled in, with all that they import") {
    rpc::testing::EchoAbsent nobody;
    CHECK_FALSE(nobody.say(Call{}, {}));  // or the linker would leave the contract out
    const auto set = descriptor_set_of(echo);
    REQUIRE(set);
    const auto read = Descriptors::from(*set);
    REQUIRE(read);
    const auto* service = read->pool().FindServiceByName(std::string(echo.front()));
    REQUIRE(service != nullptr);
    CHECK(service->FindMethodByName("Say") != nullptr);
    CHECK(read->files().back() == service->file());
    CHECK(descriptor_set_of(echo).value() == *set);
    CHECK(breaking(*set, *set).value().empty());
}

TEST_CASE("a service that nobody knows is not found") {
    static constexpr std::array<std::string_view, 1> nobody{"jebi.nowhere.v1.Nobody"};
    CHECK(descriptor_set_of(nobody).error().code == Code::not_found);
}

TEST_CASE("a set beyond the bounds is refused, and says which") {
    google::protobuf::FileDescriptorSet files;
    for (int i = 0; i < set_files_max; ++i)
        files.add_file()->set_name("f" + std::to_string(i) + ".proto");
    CHECK(Descriptors::from(files.SerializeAsString()));
    files.add_file()->set_name("one_more.proto");
    const auto many = Descriptors::from(files.SerializeAsString());
    REQUIRE_FALSE(many);
    CHECK(many.error().message.contains("1000 files"));
    const auto large = Descriptors::from(std::string(set_bytes_max + 1, 'a'));
    REQUIRE_FALSE(large);
    CHECK(large.error().message.contains("8388608 bytes"));
}

TEST_CASE("a set that contradicts itself is refused, and says where") {
    google::protobuf::FileDescriptorSet files;
    auto& file = *files.add_file();
    file.set_name("twice.proto");
    file.add_message_type()->set_name("Twice");
    file.add_message_type()->set_name("Twice");
    const auto twice = Descriptors::from(files.SerializeAsString());
    REQUIRE_FALSE(twice);
    CHECK(twice.error().message.contains("twice.proto, Twice"));
}

TEST_CASE("a set that lacks an import is refused, and says which") {
    const auto whole = contract::testing::compiled(R"(import "google/protobuf/empty.proto"; message M {})");
    CHECK(Descriptors::from(whole));
    const auto lacking = Descriptors::from(contract::testing::without_imports(whole));
    REQUIRE_FALSE(lacking);
    CHECK(lacking.error().message.contains("google/protobuf/empty.proto"));
}
