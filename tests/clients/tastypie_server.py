"""The referee: the API of FortiAuthenticator's guide, declared with the framework it is built on.

tastypie_server.py USER KEY DATABASE prints its URL and serves. It knows local users, groups and
memberships with the fields and filters of the guide; what is the appliance's own (tokens, RADIUS
attributes, rules between fields) it does not know.
"""

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

username, key, database = sys.argv[1:4]
settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for a test that lasts a minute",
    TASTYPIE_DEFAULT_FORMATS=["json"],
    API_LIMIT_PER_PAGE=20,
    USE_TZ=True,
)
django.setup()

from django import forms
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.urls import include, re_path
from tastypie import fields
from tastypie.api import Api
from tastypie.authentication import BasicAuthentication
from tastypie.authorization import Authorization
from tastypie.resources import ModelResource
from tastypie.validation import FormValidation

# Models of an application that is not installed are not found by a cascading delete.
APP = "auth"
ANY = ["exact", "iexact", "contains", "icontains", "in"]
PLAIN = ["exact", "iexact", "contains", "icontains"]


class LocalUser(models.Model):
    username = models.CharField(max_length=253, unique=True, verbose_name="Username")
    email = models.EmailField(blank=True, default="")
    first_name = models.CharField(max_length=30, blank=True, default="")
    last_name = models.CharField(max_length=30, blank=True, default="")
    city = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=80, blank=True, default="")
    custom1 = models.CharField(max_length=255, blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        app_label = APP
        verbose_name = "local user"


class UserGroup(models.Model):
    name = models.CharField(max_length=50, unique=True)

    class Meta:
        app_label = APP


class Membership(models.Model):
    user = models.ForeignKey(LocalUser, on_delete=models.CASCADE)
    group = models.ForeignKey(UserGroup, on_delete=models.CASCADE)

    class Meta:
        app_label = APP
        unique_together = [("user", "group")]


class UserForm(forms.ModelForm):
    class Meta:
        model = LocalUser
        exclude = ["custom1"]


class GroupForm(forms.ModelForm):
    class Meta:
        model = UserGroup
        fields = ["name"]


class KeyAuthentication(BasicAuthentication):
    def is_authenticated(self, request, **kwargs):
        try:
            given = self.extract_credentials(request)
        except ValueError:
            return self._unauthorized()
        return given == (username, key) or self._unauthorized()


class Options:
    authentication = KeyAuthentication()
    authorization = Authorization()
    list_allowed_methods = ["get", "post"]
    max_limit = 1000


class UserResource(ModelResource):
    class Meta(Options):
        queryset = LocalUser.objects.order_by("id")
        resource_name = "localusers"
        detail_allowed_methods = ["get", "patch", "delete"]
        validation = FormValidation(form_class=UserForm)
        filtering = {
            "username": ANY,
            "email": ANY,
            "first_name": PLAIN,
            "last_name": PLAIN,
            "city": PLAIN,
            "state": PLAIN,
            "active": ["exact"],
            "id": ["exact", "in"],
        }
        ordering = ["username", "id", "email", "city"]


class GroupResource(ModelResource):
    class Meta(Options):
        queryset = UserGroup.objects.order_by("id")
        resource_name = "usergroups"
        detail_allowed_methods = ["get", "put", "patch", "delete"]
        validation = FormValidation(form_class=GroupForm)
        filtering = {"name": ["exact"], "id": ["exact", "in"]}
        ordering = ["name", "id"]


class MembershipResource(ModelResource):
    user = fields.ForeignKey(UserResource, "user")
    group = fields.ForeignKey(GroupResource, "group")
    username = fields.CharField("user__username", readonly=True)
    group_name = fields.CharField("group__name", readonly=True)

    class Meta(Options):
        queryset = Membership.objects.order_by("id")
        resource_name = "localgroup-memberships"
        detail_allowed_methods = ["get", "delete"]
        filtering = {"user": ["exact", "in"], "group": ["exact", "in"]}


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


api = Api(api_name="v1")
for resource in (UserResource, GroupResource, MembershipResource):
    api.register(resource())
urlpatterns = [re_path(r"^api/", include(api.urls))]

with connection.schema_editor() as editor:
    for model in (LocalUser, UserGroup, Membership):
        editor.create_model(model)

server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
