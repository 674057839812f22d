//! The directory as its callers see it, on a real store.

use futures_util::future::{join_all, try_join_all};
use serde_json::{Value, json};

use super::testing::{APPLIANCE, CALLER, World, settings};
use super::{Answer, Directory, DirectoryError};
use crate::scim::ResourceKind::{Group, User};
use crate::scim::query::{CURSOR_TIMEOUT_SECONDS, ListQuery, Projection};
use crate::scim::{ErrorKind, Preconditions, ResourceKind};
use crate::store::{LinkWork, RegisterAppliance, Store};

fn directory(world: &World) -> Directory {
    world.directory(settings("default", "token"), false)
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(answer.body.as_deref().unwrap()).unwrap()
}

fn refusal<T: std::fmt::Debug>(result: Result<T, DirectoryError>) -> (ErrorKind, String) {
    match result {
        Err(DirectoryError::Refused(error)) => (error.kind, error.detail),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn create(directory: &Directory, kind: ResourceKind, body: Value) -> Value {
    let everything = Projection::everything();
    let answer = directory.create(kind, body, &everything, CALLER).await;
    json_of(&answer.unwrap())
}

async fn patch(
    directory: &Directory,
    kind: ResourceKind,
    id: &str,
    operations: Value,
) -> Result<Answer, DirectoryError> {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    });
    let everything = Projection::everything();
    directory
        .patch(kind, id, &body, &everything, &Preconditions::NONE, CALLER)
        .await
}

async fn get(directory: &Directory, kind: ResourceKind, id: &str) -> Value {
    let everything = Projection::everything();
    json_of(
        &directory
            .get(kind, id, &everything, &Preconditions::NONE, CALLER)
            .await
            .unwrap(),
    )
}

async fn list(directory: &Directory, kind: ResourceKind, parameters: &[(&str, &str)]) -> Value {
    let parameters: Vec<(String, String)> = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let query = ListQuery::from_parameters(&parameters).unwrap();
    let text = directory.list(kind, &query, 3, CALLER).await.unwrap();
    serde_json::from_str(&text).unwrap()
}

fn id(resource: &Value) -> &str {
    resource["id"].as_str().unwrap()
}

fn names(list: &Value) -> Vec<&str> {
    let resources = list["Resources"].as_array().unwrap().iter();
    resources
        .map(|resource| resource["userName"].as_str().unwrap())
        .collect()
}

/// Whatever is due for the appliance.
async fn due(store: &dyn Store) -> Vec<LinkWork> {
    let lease = store.acquire_lease(APPLIANCE, "test", 0, 60_000).await;
    let epoch = lease.unwrap().unwrap().epoch;
    let due = store.take_due_links(APPLIANCE, epoch, 1, 100).await;
    due.unwrap().work
}

async fn register(store: &dyn Store) {
    let appliance = RegisterAppliance {
        name: APPLIANCE.to_owned(),
        directories: ["default".to_owned()].into(),
        kinds: vec![User, Group],
        digest: "1".to_owned(),
    };
    store.register_appliances(vec![appliance], 0).await.unwrap();
}

#[tokio::test]
async fn a_name_in_use_is_refused_with_its_holder_and_free_after_a_deletion() {
    let world = World::new();
    let directory = directory(&world);
    let jane = create(&directory, User, json!({"userName": "jane@corp.example"})).await;
    let everything = Projection::everything();
    let second = json!({"userName": "JANE@corp.example"});
    let refused = directory.create(User, second.clone(), &everything, CALLER);
    let (kind, detail) = refusal(refused.await);
    assert_eq!(kind, ErrorKind::Uniqueness);
    for part in ["userName", "JANE@corp.example", id(&jane)] {
        assert!(detail.contains(part), "{detail}");
    }
    directory
        .delete(User, id(&jane), &Preconditions::NONE, CALLER)
        .await
        .unwrap();
    let again = create(&directory, User, second).await;
    assert_ne!(id(&again), id(&jane), "an id never returns");
    let gone = directory
        .delete(User, id(&jane), &Preconditions::NONE, CALLER)
        .await;
    assert_eq!(refusal(gone).0, ErrorKind::NotFound);
}

#[tokio::test]
async fn only_a_real_change_moves_the_version_and_wakes_the_delivery() {
    let world = World::new();
    let directory = directory(&world);
    let everything = Projection::everything();
    let body = json!({"userName": "jane", "title": "Admin", "active": true});
    let jane = create(&directory, User, body.clone()).await;
    world.clock.advance(1_000);
    let wakes = world.appliances.wakes();
    let same = directory.replace(
        User,
        id(&jane),
        body,
        &everything,
        &Preconditions::NONE,
        CALLER,
    );
    assert_eq!(json_of(&same.await.unwrap())["meta"], jane["meta"]);
    let same = json!([{"op": "replace", "path": "title", "value": "Admin"}]);
    let same = patch(&directory, User, id(&jane), same).await.unwrap();
    assert_eq!(json_of(&same)["meta"], jane["meta"]);
    assert_eq!(world.appliances.wakes(), wakes);

    let change = json!([{"op": "replace", "path": "title", "value": "Chief"}]);
    let changed = patch(&directory, User, id(&jane), change).await.unwrap();
    let meta = &json_of(&changed)["meta"];
    assert_eq!(meta["lastModified"], "1970-01-01T00:00:01.000Z");
    assert_eq!(meta["created"], jane["meta"]["created"]);
    assert_ne!(meta["version"], jane["meta"]["version"]);
    assert_eq!(meta["version"], changed.entity_tag.as_str());
    assert_eq!(world.appliances.wakes(), wakes + 1);
}

#[tokio::test]
async fn a_put_clears_what_it_leaves_out_but_does_not_switch_a_user_on_or_off() {
    let world = World::new();
    let directory = directory(&world);
    let everything = Projection::everything();
    let body = json!({"userName": "jane", "title": "Admin", "active": false});
    let jane = create(&directory, User, body).await;
    let put = directory.replace(
        User,
        id(&jane),
        json!({"userName": "jane"}),
        &everything,
        &Preconditions::NONE,
        CALLER,
    );
    let after = json_of(&put.await.unwrap());
    assert_eq!(after["active"], json!(false));
    assert_eq!(after.get("title"), None);
    assert_eq!(id(&after), id(&jane));
}

#[tokio::test]
async fn changes_at_the_same_time_are_all_kept() {
    let world = World::new();
    let directory = directory(&world);
    let jane = create(&directory, User, json!({"userName": "jane"})).await;
    let changes = ["title", "nickName", "locale"].map(|attribute| {
        let operations = json!([{"op": "add", "path": attribute, "value": "x"}]);
        patch(&directory, User, id(&jane), operations)
    });
    try_join_all(changes).await.unwrap();
    let after = get(&directory, User, id(&jane)).await;
    for attribute in ["title", "nickName", "locale"] {
        assert_eq!(after[attribute], "x", "{after}");
    }
}

#[tokio::test]
async fn an_empty_list_of_members_is_shown_by_the_write_that_emptied_it_only() {
    let world = World::new();
    let directory = directory(&world);
    let jane = create(&directory, User, json!({"userName": "jane"})).await;
    let body = json!({"displayName": "Ops", "members": [{"value": id(&jane)}]});
    let group = create(&directory, Group, body).await;
    assert_eq!(group["members"][0]["value"], id(&jane));
    assert_eq!(group["members"][0]["type"], "User");
    assert_eq!(
        get(&directory, User, id(&jane)).await["groups"][0]["display"],
        "Ops"
    );

    let path = format!("members[value eq \"{}\"]", id(&jane));
    let removal = json!([{"op": "remove", "path": path}]);
    let emptied = patch(&directory, Group, id(&group), removal.clone()).await;
    assert_eq!(json_of(&emptied.unwrap())["members"], json!([]));
    let again = patch(&directory, Group, id(&group), removal).await.unwrap();
    assert_eq!(json_of(&again).get("members"), None, "nothing was removed");
    assert_eq!(
        get(&directory, Group, id(&group)).await.get("members"),
        None
    );
}

#[tokio::test]
async fn members_are_removed_by_any_filter() {
    let world = World::new();
    let directory = directory(&world);
    let jane = create(
        &directory,
        User,
        json!({"userName": "j", "displayName": "Jane"}),
    )
    .await;
    let bob = create(
        &directory,
        User,
        json!({"userName": "b", "displayName": "Bob"}),
    )
    .await;
    let members = json!([{"value": id(&jane)}, {"value": id(&bob)}]);
    let body = json!({"displayName": "Ops", "members": members});
    let group = create(&directory, Group, body).await;
    let removal = json!([{"op": "remove", "path": "members[display sw \"ja\"]"}]);
    let after = json_of(&patch(&directory, Group, id(&group), removal).await.unwrap());
    assert_eq!(after["members"].as_array().unwrap().len(), 1, "{after}");
    assert_eq!(after["members"][0]["value"], id(&bob));
}

#[tokio::test]
async fn a_large_group_is_not_sent_back_unless_asked_for() {
    let world = World::new();
    let directory = directory(&world);
    let users = join_all((0..101).map(|number| {
        create(
            &directory,
            User,
            json!({"userName": format!("user-{number}")}),
        )
    }));
    let members: Vec<Value> = users
        .await
        .iter()
        .map(|user| json!({"value": id(user)}))
        .collect();
    let (last, others) = members.split_last().unwrap();
    let body = json!({"displayName": "All", "members": others});
    let group = create(&directory, Group, body).await;
    assert_eq!(group["members"].as_array().unwrap().len(), 100);

    let add = json!([{"op": "add", "path": "members", "value": [last]}]);
    let answer = patch(&directory, Group, id(&group), add.clone())
        .await
        .unwrap();
    assert_eq!(answer.body, None);
    let named = [("attributes".to_owned(), "displayName".to_owned())];
    let named = Projection::from_parameters(&named).unwrap();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": add,
    });
    let answer = directory
        .patch(
            Group,
            id(&group),
            &body,
            &named,
            &Preconditions::NONE,
            CALLER,
        )
        .await
        .unwrap();
    assert_eq!(json_of(&answer)["displayName"], "All");
    let whole = get(&directory, Group, id(&group)).await;
    assert_eq!(whole["members"].as_array().unwrap().len(), 101);
}

#[tokio::test]
async fn a_password_is_sealed_for_those_who_want_it_and_stays_out_of_the_resource() {
    let world = World::new();
    register(world.store.as_ref()).await;
    let body = json!({"userName": "jane", "password": "tr0ub4dor"});
    let keeping = world.directory(settings("default", "token"), true);
    let jane = create(&keeping, User, body).await;
    assert!(!jane.to_string().contains("tr0ub4dor"), "{jane}");
    let due = due(world.store.as_ref()).await;
    let work = due
        .iter()
        .find(|work| work.link.resource_id == id(&jane))
        .unwrap();
    assert!(
        !work
            .resource
            .as_ref()
            .unwrap()
            .document
            .contains("tr0ub4dor")
    );
    assert_eq!(work.password.as_ref().unwrap().sealed, b"rod4bu0rt");
}

#[tokio::test]
async fn a_password_that_nobody_wants_is_discarded() {
    let world = World::new();
    register(world.store.as_ref()).await;
    let body = json!({"userName": "jane", "password": "tr0ub4dor"});
    create(&directory(&world), User, body).await;
    let due = due(world.store.as_ref()).await;
    assert_eq!(due.len(), 1, "the link is due");
    assert!(due.iter().all(|work| work.password.is_none()));
}

#[tokio::test]
async fn a_user_that_is_switched_on_again_counts_as_activated() {
    let world = World::new();
    register(world.store.as_ref()).await;
    let directory = directory(&world);
    let jane = create(&directory, User, json!({"userName": "jane"})).await;
    for active in [false, true] {
        let change = json!([{"op": "replace", "value": {"active": active}}]);
        patch(&directory, User, id(&jane), change).await.unwrap();
    }
    let due = due(world.store.as_ref()).await;
    assert_eq!(due[0].resource.as_ref().unwrap().activations, 1);
}

#[tokio::test]
async fn lists_hold_the_page_and_the_exact_total() {
    let world = World::new();
    let directory = directory(&world);
    for (name, title) in [("d", "x"), ("b", "x"), ("E", "y"), ("a", ""), ("c", "x")] {
        create(&directory, User, json!({"userName": name, "title": title})).await;
    }
    let page = list(&directory, User, &[]).await;
    assert_eq!(
        (&page["totalResults"], names(&page)),
        (&json!(5), vec!["d", "b", "E"])
    );
    let next = list(&directory, User, &[("startIndex", "4"), ("count", "100")]).await;
    assert_eq!(names(&next), ["a", "c"]);
    let past = list(&directory, User, &[("startIndex", "9")]).await;
    assert_eq!(
        (&past["totalResults"], &past["startIndex"]),
        (&json!(5), &json!(9))
    );
    assert_eq!(past["itemsPerPage"], 0);

    let filtered = [
        ("filter", "title eq \"x\""),
        ("count", "1"),
        ("startIndex", "2"),
    ];
    let page = list(&directory, User, &filtered).await;
    assert_eq!(
        (&page["totalResults"], names(&page)),
        (&json!(3), vec!["b"])
    );
    let sorted = list(&directory, User, &[("sortBy", "userName")]).await;
    assert_eq!(names(&sorted), ["a", "b", "c"]);
    let absent_first = [
        ("sortBy", "title"),
        ("sortOrder", "descending"),
        ("count", "2"),
    ];
    assert_eq!(
        names(&list(&directory, User, &absent_first).await),
        ["a", "E"]
    );
}

#[tokio::test]
async fn memberships_are_searched_both_ways() {
    let world = World::new();
    let directory = directory(&world);
    let jane = create(&directory, User, json!({"userName": "jane"})).await;
    create(&directory, User, json!({"userName": "bob"})).await;
    let body = json!({"displayName": "Ops", "members": [{"value": id(&jane)}]});
    let group = create(&directory, Group, body).await;
    let filter = format!("id eq \"{}\" and members eq \"{}\"", id(&group), id(&jane));
    let found = list(&directory, Group, &[("filter", &filter)]).await;
    assert_eq!(found["totalResults"], 1);
    assert_eq!(found["Resources"][0]["members"][0]["value"], id(&jane));
    let bare = [
        ("filter", filter.as_str()),
        ("excludedAttributes", "members"),
    ];
    let found = list(&directory, Group, &bare).await;
    assert_eq!(found["Resources"][0].get("members"), None);
    let filter = format!("groups.value eq \"{}\"", id(&group));
    assert_eq!(
        names(&list(&directory, User, &[("filter", &filter)]).await),
        ["jane"]
    );
    let by_display = [("filter", "groups.display sw \"op\"")];
    assert_eq!(names(&list(&directory, User, &by_display).await), ["jane"]);
}

#[tokio::test]
async fn a_cursor_expires() {
    let world = World::new();
    let directory = directory(&world);
    for name in ["a", "b"] {
        create(&directory, User, json!({"userName": name})).await;
    }
    let ask = |cursor: &str| {
        let parameters = [("cursor", cursor), ("count", "1")];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        ListQuery::from_parameters(&parameters).unwrap()
    };
    let first = ask("");
    let start = first.cursor.as_ref().unwrap();
    let page = directory
        .list_from(start, Some(User), &first, 3, CALLER)
        .await;
    let page: Value = serde_json::from_str(&page.unwrap()).unwrap();
    let next = ask(page["nextCursor"].as_str().unwrap());
    let start = next.cursor.as_ref().unwrap();
    let page = directory
        .list_from(start, Some(User), &next, 3, CALLER)
        .await;
    assert!(page.unwrap().contains("\"userName\":\"b\""));
    world.clock.advance((CURSOR_TIMEOUT_SECONDS + 1) * 1_000);
    let late = directory
        .list_from(start, Some(User), &next, 3, CALLER)
        .await;
    assert_eq!(refusal(late).0, ErrorKind::ExpiredCursor);
}
