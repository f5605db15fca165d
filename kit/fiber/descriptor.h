// Inside kit/fiber only: a file descriptor that is closed once, and what the system calls say.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "kit/base/result.h"
#include "kit/fiber/socket.h"

struct sockaddr;

namespace jebi::fiber {

class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }
    explicit operator bool() const { return number_ >= 0; }

private:
    int number_;
};

// An address as the kernel takes it.
struct KernelAddress {
    alignas(8) std::array<std::byte, 128> bytes{};
    unsigned size = 0;
    int family = 0;

    const ::sockaddr* get() const { return reinterpret_cast<const ::sockaddr*>(bytes.data()); }
};

// A name that is no number is looked up; in a fiber without blocking the loop.
Result<KernelAddress> kernel_address(const Address& address, Deadline until);

// A connected, non-blocking descriptor as a Socket of the calling fiber's loop (or of a plain thread).
Socket adopt(Descriptor descriptor, int family);

inline std::string reason_of(int number) {
    return std::strerror(number);
}  // NOLINT(concurrency-mt-unsafe): glibc's is safe

}  // namespace jebi::fiber
