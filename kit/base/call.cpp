#include "kit/base/call.h"

namespace jebi {

Result<UserId> signed_in(const Call& call) {
    if (call.user) return call.user;
    return fail(error(Code::unauthenticated, "Please sign in first.").because("sign_in_first"));
}

}  // namespace jebi
