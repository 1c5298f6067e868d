#include "core/arith.hpp"
