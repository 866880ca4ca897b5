-- Functions of these migrations alone: the schema holds those of PostGIS too.
revoke execute on function mark_lane(text, text, text, uuid), limits_of(text, jsonb),
  has_slot(jsonb, text, boolean, bigint, bigint, bigint), take_requests(text, float8, int, int),
  claim_run(text, text, uuid, uuid, jsonb, interval),
  fall_back(uuid, int, text, text, text, uuid, uuid, jsonb),
  insert_run(jsonb, bytea, text, text, uuid, uuid, jsonb, interval),
  spending(text, uuid, uuid), cost_of(jsonb, text, float8, float8, bigint), decide_run(uuid, boolean, text, text),
  add_spending()
  from public;
grant execute on function mark_lane(text, text, text, uuid), limits_of(text, jsonb),
  has_slot(jsonb, text, boolean, bigint, bigint, bigint), take_requests(text, float8, int, int),
  claim_run(text, text, uuid, uuid, jsonb, interval),
  fall_back(uuid, int, text, text, text, uuid, uuid, jsonb),
  insert_run(jsonb, bytea, text, text, uuid, uuid, jsonb, interval),
  spending(text, uuid, uuid), cost_of(jsonb, text, float8, float8, bigint), decide_run(uuid, boolean, text, text),
  add_spending()
  to honua_system;
