"""Addresses of the account pages: those of allauth's that this site uses, and its own."""

from __future__ import annotations

from allauth.account import views as allauth
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from webapp.accounts import views
from webapp.accounts.views import with_mail

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.profile, name="account"),
    path("profile/", views.change_profile, name="account_profile"),
    path("address/", views.change_address, name="account_address"),
    path("tokens/", views.make_token, name="account_tokens"),
    path("tokens/<int:token>/revoke/", views.revoke_token, name="account_token_revoke"),
    path("elsewhere/", views.sign_out_elsewhere, name="account_elsewhere"),
    path("export/", views.export, name="account_export"),
    path("delete/", views.delete, name="account_delete"),
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("signup/", allauth.signup, name="account_signup"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("email/", with_mail(allauth.email), name="account_email"),
    path("confirm-email/", with_mail(allauth.email_verification_sent), name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", with_mail(allauth.confirm_email), name="account_confirm_email"),
    path("password/reset/", with_mail(allauth.password_reset), name="account_reset_password"),
    path("password/reset/done/", with_mail(allauth.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        with_mail(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        with_mail(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
if settings.SOCIALACCOUNT_PROVIDERS:
    from allauth.urls import build_provider_urlpatterns

    urlpatterns += [path("3rdparty/", include("allauth.socialaccount.urls")), *build_provider_urlpatterns()]
