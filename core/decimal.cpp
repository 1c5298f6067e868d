#include "core/decimal.hpp"
