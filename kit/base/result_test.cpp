#include "kit/base/result.h"

#include <doctest/doctest.h>

#include <memory>
#include <type_traits>

namespace jebi {

namespace {

Result<int> half_of(int number) {
    if (number % 2 != 0) return fail(error(Code::invalid, "That is odd.").because("odd").at("number"));
    return number / 2;
}

Result<int> quarter_of(int number) {
    TRY(const int half, half_of(number));
    TRY(const int quarter, half_of(half));
    return quarter;
}

Result<void> check_even(int number) {
    if (number % 2 != 0) return fail(Code::conflict, "Not even.");
    return {};
}

Result<int> even(int number) {
    TRY_VOID(check_even(number));
    return number;
}

Result<std::unique_ptr<int>> boxed(int number) {
    TRY(auto half, half_of(number));
    return std::make_unique<int>(half);
}

Result<int> unboxed(int number) {
    TRY(const std::unique_ptr<int> box, boxed(number));
    return *box;
}

}  // namespace

TEST_CASE("every code has a name of its own, and keeps it") {
    CHECK(name(Code::invalid) == "invalid");
    CHECK(name(Code::unauthenticated) == "unauthenticated");
    CHECK(name(Code::forbidden) == "forbidden");
    CHECK(name(Code::not_found) == "not_found");
    CHECK(name(Code::conflict) == "conflict");
    CHECK(name(Code::exhausted) == "exhausted");
    CHECK(name(Code::deadline) == "deadline");
    CHECK(name(Code::unavailable) == "unavailable");
    CHECK(name(Code::internal) == "internal");
}

TEST_CASE("an error carries what it was given") {
    const Error full = error(Code::exhausted, "Slow down.")
                           .because("too_many")
                           .at("password")
                           .after_s(30)
                           .detailed("bucket 7");
    CHECK(full.code == Code::exhausted);
    CHECK(full.message == "Slow down.");
    CHECK(full.reason == "too_many");
    CHECK(full.field == "password");
    CHECK(full.retry_after_s == 30);
    CHECK(full.detail == "bucket 7");
}

TEST_CASE("TRY declares the value") {
    CHECK(quarter_of(12).value() == 3);
    CHECK(even(4).value() == 4);
}

TEST_CASE("TRY returns the first error, whole") {
    CHECK(quarter_of(3).error().reason == "odd");
    CHECK(quarter_of(6).error().field == "number");
    CHECK(even(5).error().code == Code::conflict);
}

TEST_CASE("TRY moves what cannot be copied") {
    CHECK(unboxed(8).value() == 4);
}

TEST_CASE("a copied result of a flag keeps the flag") {
    Result<bool> flag = false;
    Result<bool> copy = flag;
    REQUIRE(copy.has_value());
    CHECK_FALSE(*copy);
}

}  // namespace jebi
