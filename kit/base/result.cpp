#include "kit/base/result.h"

namespace jebi {

std::string_view name(Code code) {
    switch (code) {
        case Code::invalid:
            return "invalid";
        case Code::unauthenticated:
            return "unauthenticated";
        case Code::forbidden:
            return "forbidden";
        case Code::not_found:
            return "not_found";
        case Code::conflict:
            return "conflict";
        case Code::exhausted:
            return "exhausted";
        case Code::deadline:
            return "deadline";
        case Code::unavailable:
            return "unavailable";
        case Code::internal:
            return "internal";
    }
    return "internal";
}

}  // namespace jebi
