// Inside kit/fiber only: tells AddressSanitizer whose stack a thread is on. Otherwise it does not know a
// fiber's, takes the frames that an exception has left for live ones, and reports what is right. Nothing in
// other builds. (sanitizer/common_interface_defs.h of compiler-rt)
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define JEBI_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define JEBI_ASAN
#endif
#endif

#ifdef JEBI_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

#include <cstddef>

namespace jebi::fiber {

#ifdef JEBI_ASAN

class AsanStack {
public:
    // Of the fiber that begins with a frame at this place.
    AsanStack(void* frame, std::size_t bytes) : bottom_(static_cast<char*>(frame) - bytes), bytes_(bytes) {
        enter();
    }
    ~AsanStack() {
        __sanitizer_start_switch_fiber(nullptr, loop_bottom_, loop_bytes_);
        __sanitizer_finish_switch_fiber(loop_fake_, nullptr, nullptr);
    }
    AsanStack(const AsanStack&) = delete;

    // Before the fiber gives its thread away, and when it has it again.
    void leave() {
        __sanitizer_start_switch_fiber(&own_fake_, loop_bottom_, loop_bytes_);
        __sanitizer_finish_switch_fiber(loop_fake_, nullptr, nullptr);
    }
    void enter() {
        __sanitizer_start_switch_fiber(&loop_fake_, bottom_, bytes_);
        __sanitizer_finish_switch_fiber(own_fake_, &loop_bottom_, &loop_bytes_);
    }

private:
    const void* bottom_;
    std::size_t bytes_;
    void* own_fake_ = nullptr;
    void* loop_fake_ = nullptr;
    const void* loop_bottom_ = nullptr;
    std::size_t loop_bytes_ = 0;
};

#else

class AsanStack {
public:
    AsanStack(void* /*frame*/, std::size_t /*bytes*/) {}
    void leave() {}
    void enter() {}
};

#endif

}  // namespace jebi::fiber
