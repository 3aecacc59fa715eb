// An Express app as people have it with Passport: sign-in by OpenID Connect, a page for whoever is signed in, and out.
import { once } from "node:events";
import express from "express";
import session from "express-session";
import passport from "passport";
import OpenIdConnect from "passport-openidconnect";

const { APP_ISSUER, APP_CLIENT_ID, APP_CLIENT_SECRET, APP_URL, APP_SESSION_SECRET } = process.env;
const { port } = new URL(APP_URL);

passport.use(
  new OpenIdConnect(
    {
      issuer: APP_ISSUER,
      authorizationURL: `${APP_ISSUER}/oauth2/authorize`,
      tokenURL: `${APP_ISSUER}/oauth2/token`,
      userInfoURL: `${APP_ISSUER}/oauth2/userInfo`,
      clientID: APP_CLIENT_ID,
      clientSecret: APP_CLIENT_SECRET,
      callbackURL: `${APP_URL}/callback`,
      scope: ["openid", "email"],
    },
    (issuer, profile, done) => done(null, { issuer, id: profile.id, emails: profile.emails }),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(session({ secret: APP_SESSION_SECRET, resave: false, saveUninitialized: false }));
app.use(passport.session());
app.get("/login", passport.authenticate("openidconnect"));
app.get(
  "/callback",
  passport.authenticate("openidconnect", { failureRedirect: "/?failed", successRedirect: "/" }),
);
app.get("/", (request, response) => response.json(request.user ?? null));
app.get("/logout", (request, response, next) =>
  request.logout((error) => {
    if (error) return next(error);
    const query = new URLSearchParams({ client_id: APP_CLIENT_ID, logout_uri: `${APP_URL}/` });
    return response.redirect(`${APP_ISSUER}/logout?${query}`);
  }),
);

const server = app.listen(Number(port), "localhost");
await once(server, "listening");
console.log("ready");
