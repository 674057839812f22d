use serde_json::{Value, json};

use super::{Array, ann};

#[test]
fn a_write_may_go_on_as_a_job() {
    let mut array = Array::of("5.2");
    array.set(json!({"asynchronous_writes": true}));
    let (status, reply) = array.call("POST", "/v1/users", json!({"data": ann()}));
    assert_eq!((status, &reply["data"]), (202, &Value::Null));
    assert_eq!(reply["messages"][0]["code"], "SM_async_job_id");
    let job = reply["messages"][0]["arguments"]["job_id"]
        .as_str()
        .unwrap();
    let (status, job) = array.call("GET", &format!("/v1/jobs/{job}"), Value::Null);
    assert_eq!((status, &job["data"]["state"]), (200, &json!("done")));

    let (status, found) = array.call("GET", "/v1/users?name=ann", Value::Null);
    assert_eq!(
        (status, &found["data"][0]["id"]),
        (200, &job["data"]["object_id"])
    );
    let query = json!({
        "data": {"_constructor": "AdvancedCriteria", "operator": "and", "criteria": []},
        "operationType": "fetch",
    });
    assert_eq!(
        array.call("POST", "/v1/users/detail", query).0,
        200,
        "a query is no write"
    );
    let unknown = "2d00000000000004d3000000000000000000000099";
    assert_eq!(
        array
            .call("GET", &format!("/v1/jobs/{unknown}"), Value::Null)
            .0,
        404
    );
}
