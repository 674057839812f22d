//! However a list is made (by an index, by a scan, sorted, in pages by index or by cursor, of one
//! kind or of both), it holds what the evaluator says of each resource, in the order of the RFC.

mod strategies;

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, proptest};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use self::strategies::{Content, Query, content, query};
use super::testing::{CALLER, World, settings};
use super::{Directory, DirectoryError, render};
use crate::scim::ErrorKind;
use crate::scim::ResourceKind::{self, Group, User};
use crate::scim::filter::{matches, validate};
use crate::scim::query::{ListQuery, Projection, SortKey, compare_sort_keys, sort_key};
use crate::scim::schema::SchemaSet;

/// More than any of the directories holds.
const EVERYTHING: u32 = 100;

/// A resource, as everything that a filter may ask of it.
struct Known {
    id: String,
    kind: ResourceKind,
    whole: Map<String, Value>,
}

/// A directory, and independently of its lists what is in it, in the order of creation.
struct Filled {
    world: World,
    directory: Directory,
    known: Vec<Known>,
    /// Their ids.
    ids: Vec<String>,
}

impl Filled {
    async fn with(content: &Content) -> Self {
        let world = World::new();
        let directory = world.directory(settings("default", "token"), false);
        let mut filled = Self {
            world,
            directory,
            known: Vec::new(),
            ids: Vec::new(),
        };
        let mut kinds = Vec::new();
        for user in &content.users {
            filled.create(User, user.clone()).await;
            kinds.push(User);
        }
        for (group, members) in &content.groups {
            let ids = members.iter().filter_map(|member| filled.ids.get(*member));
            let members: Vec<Value> = ids.map(|id| json!({"value": id})).collect();
            let mut group = group.clone();
            group["members"] = members.into();
            filled.create(Group, group).await;
            kinds.push(Group);
        }
        for (id, kind) in filled.ids.iter().zip(kinds) {
            let reading = filled.world.store.resource("default", kind, id, true);
            let resource = reading.await.unwrap().unwrap();
            filled.known.push(Known {
                id: id.clone(),
                kind,
                whole: render::complete(&resource, CALLER.base_url).unwrap(),
            });
        }
        filled
    }

    async fn create(&mut self, kind: ResourceKind, body: Value) {
        self.world.clock.advance(1_000);
        let everything = Projection::everything();
        let creating = self.directory.create(kind, body, &everything, CALLER);
        self.ids.push(creating.await.unwrap().id);
    }

    /// The query as a client would send it, with further parameters.
    fn read(&self, query: &Query, more: &[(&str, String)]) -> ListQuery {
        let mut parameters: Vec<(String, String)> = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        if let Some(filter) = &query.filter {
            let mut filter = filter.clone();
            for (mark, kind) in [("$u", User), ("$g", Group)] {
                let of_kind = self.known.iter().filter(|known| known.kind == kind);
                for (position, known) in of_kind.cycle().take(10).enumerate() {
                    filter = filter.replace(&format!("{mark}{position}"), &known.id);
                }
            }
            parameters.push(("filter".to_owned(), filter));
        }
        if let Some(path) = query.sort_by {
            parameters.push(("sortBy".to_owned(), path.to_owned()));
            let order = ["ascending", "descending"][usize::from(query.descending)];
            parameters.push(("sortOrder".to_owned(), order.to_owned()));
        }
        ListQuery::from_parameters(&parameters).unwrap()
    }

    /// The ids of the resources of these kinds that satisfy a query, in its order.
    fn expected(&self, query: &ListQuery, kinds: &[ResourceKind]) -> Vec<String> {
        let schemas = SchemaSet::core();
        let holds = |known: &Known| {
            let filter = query.filter.as_ref();
            filter.is_none_or(|filter| matches(filter, &known.whole, known.kind, &schemas))
        };
        let mut found: Vec<(Option<SortKey>, &Known)> = self
            .known
            .iter()
            .filter(|known| kinds.contains(&known.kind) && holds(known))
            .map(|known| {
                let path = query.sort_by.as_ref();
                let key = path.and_then(|path| sort_key(&known.whole, path, &schemas));
                (key, known)
            })
            .collect();
        // Stable, and users were created before groups.
        found.sort_by(|left, right| {
            compare_sort_keys(left.0.as_ref(), right.0.as_ref(), query.descending)
        });
        found
            .into_iter()
            .map(|(_, known)| known.id.clone())
            .collect()
    }

    /// Follows the cursors.
    async fn all_pages(&self, kind: ResourceKind, query: &Query, count: u64) -> Vec<String> {
        let mut ids = Vec::new();
        let mut cursor = String::new();
        loop {
            let query = self.read(query, &[("cursor", cursor), ("count", count.to_string())]);
            let start = query.cursor.clone().unwrap();
            let listing = self
                .directory
                .list_from(&start, Some(kind), &query, EVERYTHING, CALLER);
            let page: Value = serde_json::from_str(&listing.await.unwrap()).unwrap();
            ids.extend(ids_of(&page));
            match page["nextCursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => return ids,
            }
        }
    }

    async fn check(&self, query: &Query) {
        let mut page = vec![("startIndex", query.start_index.to_string())];
        page.extend(query.count.map(|count| ("count", count.to_string())));
        let read = self.read(query, &page);
        for kind in [User, Group] {
            let listed = self.directory.list(kind, &read, EVERYTHING, CALLER).await;
            let senseless = read
                .filter
                .as_ref()
                .is_some_and(|filter| validate(filter, kind, &SchemaSet::core()).is_err());
            if senseless {
                let refused = matches!(
                    &listed, Err(DirectoryError::Refused(error)) if error.kind == ErrorKind::InvalidFilter
                );
                assert!(refused, "{listed:?}");
                continue;
            }
            let expected = self.expected(&read, &[kind]);
            assert_page(&listed.unwrap(), &expected, query);
            let count = query.count.unwrap_or(2).max(1);
            assert_eq!(self.all_pages(kind, query, count).await, expected);
        }
        let found = self.directory.search(&read, EVERYTHING, CALLER).await;
        let expected = self.expected(&read, &[User, Group]);
        assert_page(&found.unwrap(), &expected, query);
    }
}

fn ids_of(list: &Value) -> Vec<String> {
    let resources = list["Resources"].as_array().unwrap().iter();
    resources
        .map(|resource| resource["id"].as_str().unwrap().to_owned())
        .collect()
}

fn assert_page(list: &str, expected: &[String], query: &Query) {
    let list: Value = serde_json::from_str(list).unwrap();
    assert_eq!(list["totalResults"], expected.len(), "{query:?}");
    let skip = usize::try_from(query.start_index.max(1) - 1).unwrap();
    let count = query.count.unwrap_or(EVERYTHING.into());
    let page: Vec<&String> = expected
        .iter()
        .skip(skip)
        .take(usize::try_from(count).unwrap())
        .collect();
    assert_eq!(ids_of(&list).iter().collect::<Vec<_>>(), page, "{query:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn index_scan_and_evaluator_agree(content in content(), queries in vec(query(), 40)) {
        Runtime::new().unwrap().block_on(async {
            let filled = Filled::with(&content).await;
            for query in &queries {
                filled.check(query).await;
            }
        });
    }
}
