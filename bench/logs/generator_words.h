// The words that generated rows are made of.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace jebi::bench {

struct Route {
    std::string_view method, pattern;  // a ':id' in the pattern becomes a number, ':name' a user's name
    std::string_view service;
    double latency_ms;  // the median
};

// Most visited first.
std::span<const Route> routes();
// Services that a request passes after the route's own.
std::span<const std::string_view> inner_services();
// Most common first.
std::span<const std::string_view> user_agents();
// A '#' in a template becomes a number, '~' a number of milliseconds.
std::span<const std::string_view> messages();
std::span<const std::string_view> error_messages();

}  // namespace jebi::bench
