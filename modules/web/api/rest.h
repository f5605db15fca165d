// Our own operations, by what they are about.
#pragma once

#include <vector>

#include "modules/web/api/operation.h"

namespace jebi::web::api {

std::vector<Operation> session_operations();
std::vector<Operation> user_operations();
std::vector<Operation> follow_operations();
std::vector<Operation> tweet_operations();
std::vector<Operation> message_operations();
std::vector<Operation> search_operations();
std::vector<Operation> original_operations();  // /apiv1/

}  // namespace jebi::web::api
